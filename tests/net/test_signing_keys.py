from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.identity.sasl.kit import KEY_SET, NOW
from tests.net.harness import Recorder, until
from tests.net.https import body, https
from zoneproxy.config.authentication import SigningKeysConfig
from zoneproxy.errors import InvalidConfiguration, ProtocolError
from zoneproxy.identity.sasl.providers import KeyCache
from zoneproxy.net.signing_keys import KeyKeeper, Source, check_source, reason_of, source_of


class Told(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def signing_keys_loaded(self, provider: str) -> None:
        self.keys.append(f"{provider} loaded")

    def signing_keys_refused(self, provider: str, reason: str) -> None:
        self.keys.append(f"{provider} {reason}")


class Rig:
    def __init__(self, source: Source, interval: float = 3600) -> None:
        self.now = NOW
        self.told = Told()
        self.cache = KeyCache(min_interval=30)
        self.executor = ThreadPoolExecutor(1)
        self.keeper = KeyKeeper("main", self.cache, source, self.told, lambda: self.now, self.executor, interval)


@asynccontextmanager
async def rig(source: Source, interval: float = 3600) -> AsyncIterator[Rig]:
    this = Rig(source, interval)
    yield this
    this.executor.shutdown()


def missing() -> bytes:
    raise FileNotFoundError


async def test_keys_are_asked_for_again_and_again() -> None:
    async with rig(lambda: KEY_SET, interval=0.001) as r:
        task = asyncio.ensure_future(r.keeper.run())
        await until(lambda: len(r.told.keys) > 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert set(r.told.keys) == {"main loaded"}
        assert r.cache.keys(NOW) is not None


async def test_out_of_turn_only_now_and_then() -> None:
    async with rig(lambda: KEY_SET) as r:
        await r.keeper.fresh()
        await r.keeper.fresh()
        assert r.told.keys == ["main loaded"]
        r.now += 30
        await r.keeper.fresh()
        assert r.told.keys == ["main loaded"] * 2


async def test_who_asks_together_waits_together() -> None:
    go, asked = threading.Event(), []

    def slow() -> bytes:
        asked.append(1)
        go.wait(20)
        return KEY_SET

    async with rig(slow) as r:
        waiting = [asyncio.ensure_future(r.keeper.fresh()) for _ in range(10)]
        await until(lambda: asked)
        given_up = asyncio.ensure_future(r.keeper.fresh())
        await asyncio.sleep(0)
        given_up.cancel()
        go.set()
        await asyncio.gather(*waiting)
        assert r.cache.keys(NOW) is not None
        assert asked == [1]


async def test_what_cannot_be_had_leaves_what_is_there() -> None:
    answers = [KEY_SET, b"rubbish"]
    async with rig(lambda: answers.pop(0) if answers else missing()) as r:
        for _ in range(3):
            await r.keeper.fresh()
            r.now += 30
        assert r.told.keys == ["main loaded", "main signing_keys", "main missing"]
        assert r.cache.keys(r.now) is not None


def test_keys_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(KEY_SET)
    config = SigningKeysConfig(file=str(file))
    keys = check_source("main", config)
    assert keys is not None
    assert len(keys) == 2
    for content in (b"rubbish", None):
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        with pytest.raises(InvalidConfiguration, match="signing keys of `main` cannot be used"):
            check_source("main", config)


def test_keys_from_a_url(tmp_path: Path) -> None:
    with https(tmp_path, body(KEY_SET)) as server:
        config = SigningKeysConfig(url=server.url, ca=server.ca)
        assert check_source("main", config) is None
        assert not server.asked
        assert source_of(config)() == KEY_SET
    wrong = SigningKeysConfig(url="https://localhost/keys", ca=str(tmp_path / "none"))
    with pytest.raises(InvalidConfiguration, match="missing"):
        check_source("main", wrong)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ProtocolError("status"), "status"),
        (TimeoutError(), "timeout"),
        (FileNotFoundError(), "missing"),
        (ConnectionRefusedError(), "unreachable"),
        (ValueError("secret"), "internal"),
    ],
)
def test_reasons_are_fixed_words(error: Exception, word: str) -> None:
    assert reason_of(error) == word


def test_another_certificate_is_a_reason(tmp_path: Path) -> None:
    with https(tmp_path, body(KEY_SET)) as server, pytest.raises(OSError) as caught:
        source_of(SigningKeysConfig(url=server.url))()
    assert reason_of(caught.value) == "certificate"
