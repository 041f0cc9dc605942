from __future__ import annotations

import pytest
import yaml

from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.explain.redactions import redaction


@pytest.mark.parametrize(
    "line",
    [
        "redact: {field: $.card.number, with: mask, keep_last: 4}",
        "redact: {field: $.a, with: mask, keep_first: 2, mask_with: \"#\"}",
        "redact: {field: $.a, with: mask, keep_format: true}",
        "redact: {field: \"$.items[*]['odd name']\", with: mask_email}",
        "redact: {field: $..ip, with: mask_ip, bits_v4: 16, bits_v6: 32}",
        "redact: {name: card_number, with: truncate, length: 6}",
        "redact: {name: \"card number\", with: null}",
        "redact: {tag: PII, with: generalise, to: month}",
        "redact: {tag: PII, with: generalise, step: 0.5}",
        "redact: {name: zip, with: generalise, keep_first: 3}",
        "redact: {name: born, with: shift_date, days: 30, key: analytics}",
        "redact: {part: key, with: hash, key: analytics}",
        "redact: {types: [EMAIL], confidence: 1, with: tokenise, key: k, domain: m, prefix: m_, record_keys: tokenise}",
        "redact: {types: [EMAIL, pci], confidence: 0.75, with: remove}",
        "redact: {name: a, with: replace, value: \"[gone]\"}",
        "redact: {name: a, with: replace, value: 0}",
        "redact: {name: a, with: replace, value: false}",
        "forbid: {name: [cvv, \"on\"], action: block}",
        "forbid: {field: [$.a, \"$['b c']\"], tag: [PCI], action: quarantine}",
        "allow: {fields: [$.id, \"$.items[*].sku\"]}",
    ],
)  # fmt: skip
def test_controls_are_written_as_they_may_be_read(line: str) -> None:
    written = ControlDocument.model_validate(yaml.safe_load(line))
    (control,) = written.as_controls(Surroundings("r", zone="z"))
    assert redaction(control) == line


def test_other_controls_are_for_others() -> None:
    assert redaction(Detect("r", ("EMAIL",), 0.5, Action.BLOCK)) is None
