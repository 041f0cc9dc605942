"""Schemas that sessions need, asked for once and not too often."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from tests.net.harness import Recorder, until
from zoneproxy.boundary.interceptor import Schemas
from zoneproxy.config.load import parse_config
from zoneproxy.errors import ProtocolError
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.framing import SchemaId
from zoneproxy.formats.schema import InvalidSchema, Schema
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.net import schemas
from zoneproxy.net.schemas import MAX_WAITING, SchemaKeeper, SchemaKeepers, make_keepers

SCHEMA = avro_schema('"string"')


class Told(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[str] = []

    def schema_looked_up(self, registry: str, result: str) -> None:
        self.results.append(f"{registry} {result}")


class Rig:
    """``error`` is what the registry fails with; ``asked``: for what, in order."""

    def __init__(self, absent: float = 100, per_minute: int = 60, threads: int = 1) -> None:
        self.now = 0.0
        self.error: Exception | None = None
        self.asked: list[SchemaId] = []
        self.told = Told()
        self.book = SchemaBook("main", {0: SCHEMA}, asks=True)
        self.executor = ThreadPoolExecutor(threads)
        self.answer: Callable[[], None] = lambda: None
        self.keeper = SchemaKeeper(
            *(self.book, self.load, self.told, lambda: self.now, self.executor),
            absent=absent,
            retry=5,
            per_minute=per_minute,
        )

    def load(self, id_: SchemaId) -> Schema:
        self.asked.append(id_)
        self.answer()
        if self.error is not None:
            raise self.error
        return SCHEMA


@asynccontextmanager
async def rig(absent: float = 100, per_minute: int = 60, threads: int = 1) -> AsyncIterator[Rig]:
    this = Rig(absent, per_minute, threads)
    yield this
    this.executor.shutdown()


async def test_what_is_learned_is_not_asked_for_again() -> None:
    async with rig() as r:
        await r.keeper.look_up([0, 1])
        assert r.book.schema(1) is SCHEMA
        await r.keeper.look_up([1])
        assert (r.asked, r.told.results) == ([1], ["main loaded"])


@pytest.mark.parametrize(
    ("error", "result"), [(ProtocolError("not_found"), "not_found"), (InvalidSchema("kind"), "invalid")]
)
async def test_what_there_is_not_is_asked_for_again_after_a_while(error: Exception, result: str) -> None:
    async with rig(absent=0.01) as r:
        r.error = error
        await r.keeper.look_up([1])
        assert not r.book.is_open(1)
        await until(lambda: r.book.is_open(1))
        r.error = None
        await r.keeper.look_up([1])
        assert r.told.results == [f"main {result}", "main loaded"]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (ConnectionRefusedError(), "unreachable"),
        (ProtocolError("status"), "status"),
        (LoginFailed("secret"), "secret"),
        (ValueError("x"), "internal"),
    ],
)
async def test_a_registry_that_is_down_is_tried_again_soon(error: Exception, result: str) -> None:
    async with rig() as r:
        r.error = error
        await r.keeper.look_up([1])
        await r.keeper.look_up([1])
        assert (r.asked, r.told.results) == ([1], [f"main {result}"])
        assert r.book.is_open(1)
        r.now, r.error = 5.0, None
        await r.keeper.look_up([1])
        assert r.book.schema(1) is SCHEMA


async def test_who_asks_together_waits_together() -> None:
    async with rig() as r:
        go = threading.Event()
        r.answer = lambda: go.wait(20) and None
        asking = [asyncio.ensure_future(r.keeper.look_up([1])) for _ in range(3)]
        await until(lambda: bool(r.asked))
        go.set()
        await asyncio.gather(*asking)
        assert r.asked == [1]


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "WAIT_SECONDS", 0.01)
    async with rig() as r:
        go = threading.Event()
        r.answer = lambda: go.wait(20) and None
        await r.keeper.look_up([1])
        assert r.book.is_open(1)
        go.set()
        await until(lambda: not r.book.is_open(1))


async def test_only_so_many_are_asked_for_in_a_minute() -> None:
    async with rig(per_minute=3) as r:
        for id_ in range(1, 10):
            await r.keeper.look_up([id_])
        assert r.asked == [1, 2, 3]
        r.now = 20.0
        await r.keeper.look_up([4, 5])
        assert r.asked == [1, 2, 3, 4]
        r.now = 1e6
        await r.keeper.look_up(range(5, 30))
        assert r.asked == [1, 2, 3, 4, *sorted(range(5, 30), key=str)[:3]]


async def test_and_only_so_many_at_once() -> None:
    async with rig(per_minute=1000) as r:
        go = threading.Event()
        r.answer = lambda: go.wait(20) and None
        asking = asyncio.ensure_future(r.keeper.look_up(range(1, 2 * MAX_WAITING)))
        await until(lambda: bool(r.asked))
        go.set()
        await asking
        assert len(r.asked) == MAX_WAITING


async def test_questions_that_are_given_up_are_no_answers() -> None:
    async with rig() as r:
        go = threading.Event()
        r.answer = lambda: go.wait(20) and None
        asking = asyncio.ensure_future(r.keeper.look_up([1, 2]))
        await until(lambda: bool(r.asked))
        r.executor.shutdown(wait=False, cancel_futures=True)
        go.set()
        await asking
        assert (r.asked, r.told.results) == ([1], ["main loaded"])


async def test_each_registry_is_asked_for_its_own() -> None:
    async with rig() as one, rig() as two:
        keepers = SchemaKeepers({"one": one.keeper, "two": two.keeper})
        await keepers.look_up(Schemas(frozenset({("one", 1), ("two", 2), ("two", 3), ("none", 4)})))
        assert (one.asked, sorted(two.asked)) == ([1], [2, 3])


def test_there_is_a_keeper_for_each_registry() -> None:
    config = parse_config(CONFIG)
    books = {"one": SchemaBook("one", {}, asks=False), "two": SchemaBook("two", {}, asks=True)}
    with ThreadPoolExecutor(1) as executor:
        keepers = make_keepers(config, books, Told(), lambda: 0.0, executor)
    assert set(keepers._keepers) == {"two"}


CONFIG = """
listeners:
  - name: l
    zone: z
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    tls: {certificate: c, key: k, client_ca: ca}
upstreams: {u: {bootstrap: ["k:1"], tls: {ca: ca}}}
schemas:
  one: {files: [{id: 1, file: a.avsc}]}
  two: {registry: {url: "https://r"}}
"""
