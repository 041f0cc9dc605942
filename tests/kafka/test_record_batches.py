"""Kafka's own record classes read what is built here, and still write what the committed vectors say."""

from __future__ import annotations

import pytest

from tests.kafka import java
from tests.wire.batch_oracles import LIMITS, Plain, Vector, load_vectors, only, plain, records_of, run_java
from zoneproxy.wire.batch import build_batch, empty_batch, open_batch
from zoneproxy.wire.record import write_records

VECTORS = {name: vector for name, vector in load_vectors().items() if not name.startswith("old")}


def _read(batches: list[bytes]) -> list[Vector | str]:
    return run_java(java.java(), java.classpath(), "read", batches)


def _rebuilt(vector: Vector) -> bytes:
    batch = only(vector.data)
    payload = open_batch(batch.view, batch.header, LIMITS)
    return build_batch(batch.header, payload, batch.header.records_count)


def _redacted(vector: Vector) -> tuple[bytes, tuple[Plain, ...]]:
    """Every other record gone, and what can change of the others changed."""
    batch = only(vector.data)
    records = records_of(vector.data)[::2]
    for record in records:
        record.value = b"*" * (len(record.value or b"") // 2)
        record.headers = [(name, b"#") for name, _ in record.headers]
    expected = tuple(plain(batch.header, record) for record in records)
    return build_batch(batch.header, write_records(records), len(records)), expected


@pytest.fixture(scope="module")
def answers() -> dict[str, list[Vector | str]]:
    """What Java reads, for each vector: built again, redacted, emptied."""
    batches = []
    for vector in VECTORS.values():
        batches += [_rebuilt(vector), _redacted(vector)[0], empty_batch(only(vector.data).header)]
    found = _read(batches)
    return {name: found[3 * i : 3 * i + 3] for i, name in enumerate(VECTORS)}


def test_java_writes_the_committed_vectors() -> None:
    written = run_java(java.java(), java.classpath(), "write")
    assert {v.name: v for v in written if isinstance(v, Vector)} == load_vectors()


@pytest.mark.parametrize("name", VECTORS)
def test_java_reads_a_batch_that_was_built_again(name: str, answers: dict[str, list[Vector | str]]) -> None:
    answer = answers[name][0]
    assert isinstance(answer, Vector), answer
    assert (answer.records, answer.header) == (VECTORS[name].records, VECTORS[name].header)


@pytest.mark.parametrize("name", VECTORS)
def test_java_reads_a_batch_with_records_changed_and_removed(name: str, answers: dict[str, list[Vector | str]]) -> None:
    answer = answers[name][1]
    assert isinstance(answer, Vector), answer
    assert answer.records == _redacted(VECTORS[name])[1]
    # All but the last word, the count, is as it was.
    assert answer.header[:-1] == VECTORS[name].header[:-1]


@pytest.mark.parametrize("name", VECTORS)
def test_java_reads_a_batch_that_was_emptied(name: str, answers: dict[str, list[Vector | str]]) -> None:
    answer = answers[name][2]
    assert isinstance(answer, Vector), answer
    assert answer.records == ()
    header = VECTORS[name].header
    assert answer.header == (*header[:3], "0", *header[4:-1], "0")  # no codec, no records
