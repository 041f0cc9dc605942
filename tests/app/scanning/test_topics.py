from __future__ import annotations

from typing import Any

import pytest

from tests.app.scanning.kit import batch, record
from zoneproxy.app.scanning import topics as module
from zoneproxy.app.scanning.topics import units_of_topic
from zoneproxy.config.load import parse_config
from zoneproxy.net.reading import Piece

CONFIG = """
upstreams:
  kafka: {bootstrap: ["127.0.0.1:9092"], plaintext: {accept: the way to this upstream is not encrypted}}
listeners:
  - name: l
    zone: z
    advertised_host: h
    ports: {bootstrap: 1, first: 2, node_ids: "0"}
    plaintext: {accept: clients are neither encrypted nor identified, principal: p}
policies: policies
"""


async def test_pieces_become_records_and_how_far_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Reader:
        def __init__(self, topic: str, _cluster: object, dialler: object, _clock: object) -> None:
            asked.extend((topic, dialler))

        async def read(self) -> Any:
            yield Piece(0, batch(record(b"a"), record(b"b", at=1), base=5), 5, 9, 7)
            yield Piece(2, batch(record(b"c"), base=1), 1, 2, 2)

    monkeypatch.setattr(module, "TopicReader", Reader)
    told: list[tuple[str, int, int]] = []
    config = parse_config(CONFIG, "zoneproxy.yaml")
    units = [unit async for unit in units_of_topic("orders", "kafka", config, lambda *far: told.append(far))]
    assert [unit.where(unit.parts[0], 0) for unit in units] == ["orders-0@5", "orders-0@6", "orders-2@1"]
    assert told == [("orders-0", 2, 4), ("orders-2", 1, 1)]
    assert asked[0] == "orders"
    assert asked[1]._name == "kafka"
