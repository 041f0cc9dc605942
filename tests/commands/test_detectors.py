from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zoneproxy.detect.catalogue import DETECTORS, PACKS


def test_all_are_listed(invoke: Any) -> None:
    result = invoke("detectors")
    assert result.exit_code == 0
    assert {line.split()[0] for line in result.stdout.splitlines()[1:]} == set(DETECTORS)
    (cvv,) = (line for line in result.stdout.splitlines() if line.startswith("CVV "))
    assert cvv.split()[:6] == ["CVV", "pci", "-", "-", "0.85", "needs"]


def test_those_of_a_pack(invoke: Any) -> None:
    listed = json.loads(invoke("detectors", "--pack", "pci", "--format", "json").stdout)
    assert [entry["type"] for entry in listed] == list(PACKS["pci"])
    card = listed[0]
    assert (card["valid"], card["in_context"], card["needs_a_word"]) == (0.75, 0.95, False)
    assert "visa" in card["words"]
    assert "order" in card["against"]


def test_a_pack_that_is_none(invoke: Any) -> None:
    result = invoke("detectors", "--pack", "pcl")
    assert result.exit_code == 2
    assert "pii-eu" in result.output


POLICY = """
zones:
  a: {level: internal, owner: o, upstream: u}
detectors:
  - {name: BADGE, pattern: "EMP-[0-9]{6}", words: [badge], confidence: 0, packs: [staff]}
  - {name: DESK, pattern: "DSK-[0-9]{6}"}
"""


def test_those_of_policies(invoke: Any, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(POLICY)
    lines = invoke("detectors", "--policies", tmp_path).stdout.splitlines()
    assert len(lines) == len(DETECTORS) + 3
    assert lines[-2].split() == ["BADGE", "staff", "-", "-", "0.9", "needs", "badge"]
    assert lines[-1].split() == ["DESK", "-", "0.5", "0.5", "0.5"]
    assert len(invoke("detectors", "--policies", tmp_path, "--pack", "staff").stdout.splitlines()) == 2


def test_policies_that_cannot_be_used(invoke: Any, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(POLICY.replace("DSK-", ".*"))
    result = invoke("detectors", "--policies", tmp_path)
    assert result.exit_code == 1
    assert "is a gap" in result.stderr
