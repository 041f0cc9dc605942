from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from zoneproxy.app import run as run_module
from zoneproxy.app.load import load_all
from zoneproxy.app.run import SWITCH_SECONDS, loop_factory, raise_open_files_limit, run, serve
from zoneproxy.app.service import Service
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.telemetry.log import make_logger

if TYPE_CHECKING:
    from tests.app.conftest import Installation


class Output(io.StringIO):
    """Where the log goes; a test can wait for a line."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def write(self, text: str) -> int:
        self._news.set()
        return super().write(text)

    @property
    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.getvalue().splitlines() if line.endswith("}")]

    async def wait_for(self, event: str) -> None:
        while event not in self.events:
            self._news.clear()
            await self._news.wait()


def serving(installation: Installation) -> tuple[asyncio.Task[int], Output]:
    out = Output()
    work = serve(load_all(installation.config), "1.2.3", make_logger("info", "json", out))
    return asyncio.get_running_loop().create_task(work), out


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_it_runs_until_told_to_stop(installation: Installation, stop: signal.Signals) -> None:
    task, out = serving(installation)
    await out.wait_for("listening")
    os.kill(os.getpid(), stop)
    assert await task == 0
    assert out.events[0] == "starting"
    assert out.events[-2:] == ["draining", "stopped"]
    for port in installation.ports:
        socket.create_server(("127.0.0.1", port)).close()


async def test_sighup_reads_the_policies_again(installation: Installation) -> None:
    task, out = serving(installation)
    await out.wait_for("listening")
    installation.edit(installation.policy, "level: restricted", "level: nonsense")
    os.kill(os.getpid(), signal.SIGHUP)
    await out.wait_for("policy refused, the one before stays in force")
    installation.edit(installation.policy, "level: nonsense", "level: internal")
    os.kill(os.getpid(), signal.SIGHUP)
    await out.wait_for("policy reloaded")
    os.kill(os.getpid(), signal.SIGTERM)
    assert await task == 0


async def test_a_second_signal_ends_the_patience(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []
    hurried = asyncio.Event()
    drain = Service.drain

    async def slow_drain(self: Service, seconds: float | None = None) -> None:
        asked.append(seconds)
        if seconds is None:
            await hurried.wait()
        hurried.set()
        await drain(self, 0)

    monkeypatch.setattr(Service, "drain", slow_drain)
    task, out = serving(installation)
    await out.wait_for("listening")
    os.kill(os.getpid(), signal.SIGTERM)
    await out.wait_for("draining")
    os.kill(os.getpid(), signal.SIGTERM)
    assert await task == 0
    assert asked == [None, 0]


async def test_a_taken_port_is_said_and_is_a_failure(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.ports[2])):
        task, out = serving(installation)
        assert await task == 1
    line = json.loads(out.getvalue().splitlines()[-1])
    assert line["event"] == "cannot start"
    assert str(installation.ports[2]) in line["error"]


def test_run_starts_a_loop_and_gives_back_the_exit_code(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    async def served(loaded: Any, version: str, _logger: object) -> int:
        seen.extend((loaded.config.admin.port, version, type(asyncio.get_running_loop()).__module__))
        return 7

    monkeypatch.setattr(run_module, "serve", served)
    monkeypatch.setattr(run_module, "capture_standard_logging", lambda _: None)
    before = sys.getswitchinterval()
    try:
        assert run(installation.config, "1.2.3") == 7
        assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
    finally:
        sys.setswitchinterval(before)
    assert seen == [installation.ports[2], "1.2.3", "uvloop"]


def test_wrong_files_are_the_callers_to_report(installation: Installation) -> None:
    installation.policy.write_text("zones: 7")
    with pytest.raises(InvalidConfiguration):
        run(installation.config, "1.2.3")


def test_without_uvloop_asyncios_own_loop_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop_factory() is None


def test_the_soft_limit_of_open_files_is_raised_to_the_hard_one() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        raise_open_files_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_system_that_forbids_that_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise OSError("not permitted")

    monkeypatch.setattr(resource, "setrlimit", forbidden)
    raise_open_files_limit()
