"""Asks schema registries for what sessions need, each schema once, and never too often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from zoneproxy.boundary.interceptor import Schemas
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.net.registry import Registry
from zoneproxy.net.signing_keys import reason_of

if TYPE_CHECKING:
    from zoneproxy.config.model import Config
    from zoneproxy.formats.book import Books, SchemaBook
    from zoneproxy.formats.framing import SchemaId
    from zoneproxy.formats.schema import Schema
    from zoneproxy.net.observer import Observer

MAX_WAITING = 32  # schemas of one registry that are asked for at once; sessions come again for others
WAIT_SECONDS = 10.0  # that a session waits for an answer
_MINUTE = 60.0

Load = Callable[["SchemaId"], "Schema"]


class SchemaKeeper:
    """Of one registry.

    A schema that there is not is not asked for again for ``absent`` seconds; one that there was no answer about, for
    ``retry`` seconds. Whoever sends made-up numbers must not make us ask for each: there are at most ``per_minute``
    questions.

    Args:
        load: blocks; see ``Registry.load``.
        ticks: seconds of any origin.
    """

    def __init__(
        self,
        book: SchemaBook,
        load: Load,
        observer: Observer,
        ticks: Callable[[], float],
        executor: Executor,
        *,
        absent: float,
        retry: float,
        per_minute: int,
    ) -> None:
        self._book = book
        self._load = load
        self._observer = observer
        self._ticks = ticks
        self._executor = executor
        self._absent = absent
        self._retry = retry
        self._per_minute = per_minute
        self._allowed, self._since = float(per_minute), ticks()
        self._asking: dict[SchemaId, asyncio.Future[Schema]] = {}
        self._not_before: dict[SchemaId, float] = {}

    async def look_up(self, ids: Iterable[SchemaId]) -> None:
        """Ask for those that are not known, or wait for who has; bounded in time. Never raises."""
        asked = [asking for id_ in sorted(ids, key=str) if (asking := self._ask(id_)) is not None]
        if asked:
            await asyncio.wait(asked, timeout=WAIT_SECONDS)

    def _ask(self, id_: SchemaId) -> asyncio.Future[Schema] | None:
        asking = self._asking.get(id_)
        if asking is None and self._book.is_open(id_) and self._may_ask(id_):
            asking = asyncio.get_running_loop().run_in_executor(self._executor, self._load, id_)
            self._asking[id_] = asking
            asking.add_done_callback(lambda done: self._answered(id_, done))
        return asking

    def _may_ask(self, id_: SchemaId) -> bool:
        now = self._ticks()
        if len(self._asking) >= MAX_WAITING or now < self._not_before.get(id_, now):
            return False
        self._allowed = min(self._per_minute, self._allowed + (now - self._since) * self._per_minute / _MINUTE)
        self._since = now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True

    def _answered(self, id_: SchemaId, asking: asyncio.Future[Schema]) -> None:
        del self._asking[id_]
        if asking.cancelled():
            return
        error = asking.exception()
        result = "loaded" if error is None else _reason_of(error)
        self._observer.schema_looked_up(self._book.registry, result)
        if error is None:
            self._book.learn(id_, asking.result())
        elif isinstance(error, InvalidSchema) or result == "not_found":
            self._book.learn(id_, None)
            asking.get_loop().call_later(self._absent, self._book.forget, id_)
        else:
            self._wait_with(id_)

    def _wait_with(self, id_: SchemaId) -> None:
        now = self._ticks()
        self._not_before = {each: until for each, until in self._not_before.items() if until > now}
        if len(self._not_before) < self._per_minute:  # no more are asked for in that time, nearly
            self._not_before[id_] = now + self._retry


class SchemaKeepers:
    """Of all registries."""

    def __init__(self, keepers: Mapping[str, SchemaKeeper]) -> None:
        self._keepers = keepers

    async def look_up(self, need: Schemas) -> None:
        """Fulfil ``need``, as far as that can be. Never raises."""
        by_registry: dict[str, list[SchemaId]] = {}
        for registry, id_ in need.wanted:
            by_registry.setdefault(registry, []).append(id_)
        looks = [self._keepers[name].look_up(ids) for name, ids in by_registry.items() if name in self._keepers]
        await asyncio.gather(*looks)


def make_keepers(
    config: Config, books: Books, observer: Observer, ticks: Callable[[], float], executor: Executor
) -> SchemaKeepers:
    """A keeper for each registry. ``books`` are those that were made of ``config``. Raises OSError: a CA file."""
    keepers = {}
    for name, schemas in config.schemas.items():
        if (registry := schemas.registry) is not None:
            keepers[name] = SchemaKeeper(
                *(books[name], Registry(registry).load, observer, ticks, executor),
                absent=registry.absent_seconds,
                retry=registry.retry_seconds,
                per_minute=registry.max_requests_per_minute,
            )
    return SchemaKeepers(keepers)


def _reason_of(error: BaseException) -> str:
    if isinstance(error, InvalidSchema):
        return "invalid"
    return "secret" if isinstance(error, LoginFailed) else reason_of(error)
