"""Keeps the signing keys of token providers fresh: in turn, and out of turn for a key that nobody knows yet."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.errors import InvalidConfiguration, Problem, ProtocolError
from zoneproxy.identity.sasl.providers import KeyCache
from zoneproxy.identity.sasl.signing_keys import MAX_BYTES, SigningKeys, parse_keys
from zoneproxy.net.fetch import fetch

if TYPE_CHECKING:
    from zoneproxy.config.authentication import SigningKeysConfig
    from zoneproxy.net.observer import Observer

FETCH_SECONDS = 5.0

Source = Callable[[], bytes]


class KeyKeeper:
    """Of one provider. Keys that cannot be had leave those that are there in use, until they are too old.

    Args:
        source: blocks, and gives a key set.
        clock: seconds since the epoch.
        interval: seconds between two looks.
    """

    def __init__(
        self,
        name: str,
        cache: KeyCache,
        source: Source,
        observer: Observer,
        clock: Callable[[], float],
        executor: Executor,
        interval: float,
    ) -> None:
        self._name = name
        self._cache = cache
        self._source = source
        self._observer = observer
        self._clock = clock
        self._executor = executor
        self._interval = interval
        self._asking: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self._ask()
            await asyncio.sleep(self._interval)

    async def fresh(self) -> None:
        """Wait for the answer that is on its way, or ask; unless that was done too lately. Never raises."""
        if self._asking is not None or self._cache.may_ask(self._clock()):
            await self._ask()

    async def _ask(self) -> None:
        """Ask, together with whoever else asks now."""
        if self._asking is None:
            self._asking = asyncio.get_running_loop().run_in_executor(self._executor, self._load)
            self._cache.asking(self._clock())
            self._asking.add_done_callback(self._answered)
        await asyncio.wait([self._asking])

    def _load(self) -> None:
        """In a thread; what it does to the cache is one assignment."""
        keys = parse_keys(self._source())
        self._cache.loaded(keys, self._clock())

    def _answered(self, asking: asyncio.Future[None]) -> None:
        self._asking = None
        if asking.cancelled():
            return
        error = asking.exception()
        if error is None:
            self._observer.signing_keys_loaded(self._name)
        else:
            self._observer.signing_keys_refused(self._name, reason_of(error))


def source_of(config: SigningKeysConfig) -> Source:
    """Where the keys come from. Raises OSError if the CA file cannot be used."""
    if config.file is not None:
        path = Path(config.file)
        return lambda: _file(path)
    assert config.url is not None
    url, context = config.url, ssl.create_default_context(cafile=config.ca)
    return lambda: fetch(url, context, MAX_BYTES, FETCH_SECONDS)


def check_source(name: str, config: SigningKeysConfig) -> SigningKeys | None:
    """The keys of a file; None for a URL, which is not asked yet. Raises InvalidConfiguration."""
    try:
        source = source_of(config)
        return None if config.file is None else parse_keys(source())
    except (OSError, ProtocolError) as error:
        message = f"signing keys of `{name}` cannot be used: {reason_of(error)}"
        raise InvalidConfiguration([Problem(config.file or config.ca or name, 0, 0, message)]) from error


def reason_of(error: BaseException) -> str:
    """A fixed word for why there are no keys."""
    if isinstance(error, ProtocolError):
        return error.reason
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, FileNotFoundError):
        return "missing"
    return "unreachable" if isinstance(error, OSError) else "internal"


def _file(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
