"""What is committed is what the generator and Kafka's own classes make of Kafka's jars."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.kafka import java
from tests.wire.java.make_message_vectors import print_vectors
from tests.wire.messages.vectors import FILE
from tools.generate_messages import ROOT, generate, is_generated

WIRE = ROOT / "zoneproxy" / "wire"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All generated modules by their path in ``wire``, made anew."""
    wire = tmp_path_factory.mktemp("wire")
    (wire / "messages").mkdir()
    generate(java.jars(), wire)
    return texts(wire, wire.rglob("*.py"))


def texts(wire: Path, paths: Iterable[Path]) -> dict[str, str]:
    return {path.relative_to(wire).as_posix(): path.read_text() for path in paths}


def test_generating_again_changes_nothing(made: dict[str, str]) -> None:
    committed = texts(WIRE, [path for path in WIRE.rglob("*.py") if is_generated(path)])
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_kafka_still_writes_what_the_vectors_say() -> None:
    assert print_vectors(java.java(), java.classpath()) == gzip.decompress(FILE.read_bytes())
