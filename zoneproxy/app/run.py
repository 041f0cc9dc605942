"""``zoneproxy run``: the event loop, the signals, and in which order things end."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import sys
from typing import TYPE_CHECKING

from zoneproxy.app.load import load_all
from zoneproxy.app.memory import keep_freed_memory, relax_collector
from zoneproxy.app.service import Service
from zoneproxy.telemetry.log import capture_loop_errors, capture_standard_logging, make_logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from zoneproxy.app.load import Loaded
    from zoneproxy.telemetry.log import Logger

EXIT_OK, EXIT_FAILED = 0, 1
# Python's own 5 ms is how long a thread that looks through a large batch would keep the event loop waiting, each time.
SWITCH_SECONDS = 0.001


def run(path: Path, version: str) -> int:
    """Run until told to stop; the exit code. Raises InvalidConfiguration if files are wrong."""
    loaded = load_all(path)
    log = loaded.config.log
    logger = make_logger(log.level, log.format)
    capture_standard_logging(logger)
    raise_open_files_limit()
    relax_collector()
    keep_freed_memory()
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(serve(loaded, version, logger))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's where it is installed, else asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def raise_open_files_limit() -> None:
    """Each client takes two sockets, and the usual soft limit of 1,024 is there for programs that use select()."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def serve(loaded: Loaded, version: str, logger: Logger) -> int:
    """Start, reload on SIGHUP, drain on SIGTERM or SIGINT (a second one ends the patience); the exit code.

    Raises:
        InvalidConfiguration: TLS files cannot be used.
    """
    capture_loop_errors(asyncio.get_running_loop(), logger)
    signals = Signals()
    service = Service(loaded, version, logger)
    logger.info("starting", version=version, loop=type(asyncio.get_running_loop()).__module__)
    try:
        await service.start()
    except OSError as error:
        logger.error("cannot start", error=error)  # noqa: TRY400 - the place is no news, and never its locals
        return EXIT_FAILED
    async with asyncio.TaskGroup() as tasks:
        reloading = tasks.create_task(_reload_when_told(service, signals.reload))
        await signals.stop.wait()
        reloading.cancel()
        logger.info("draining", seconds=service.config.limits.drain_timeout_seconds)
        drained = tasks.create_task(service.drain())
        hurry = tasks.create_task(_hurry(service, signals.hurry))
        await drained
        hurry.cancel()
    await service.close()
    logger.info("stopped")
    return EXIT_OK


class Signals:
    """The signals as events of the running loop."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.hurry = asyncio.Event()
        self.reload = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self.reload.set)
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self._stop)

    def _stop(self) -> None:
        (self.hurry if self.stop.is_set() else self.stop).set()


async def _reload_when_told(service: Service, told: asyncio.Event) -> None:
    while True:
        await told.wait()
        told.clear()
        await service.reload("SIGHUP")


async def _hurry(service: Service, told: asyncio.Event) -> None:
    await told.wait()
    await service.drain(0)
