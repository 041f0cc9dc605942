"""Structured logs on stderr: one line per event, JSON for machines or aligned text for people.

No payload reaches a line: bytes are shown as their length, text is escaped and cut, and an exception is shown as
its class and place, never with its message (it may quote what could not be parsed). Nothing here is global: the
application makes one logger and hands it around.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from zoneproxy.telemetry.text import describe, escape

if TYPE_CHECKING:
    import asyncio

Logger = FilteringBoundLogger
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def make_logger(
    level: str = "info", form: Literal["json", "console"] = "console", stream: TextIO | None = None
) -> Logger:
    """A logger that writes to ``stream`` (stderr) from ``level`` on."""
    out = stream or sys.stderr
    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        safe_values,
        structlog.processors.JSONRenderer() if form == "json" else console_renderer(out),
    ]
    wrapper = structlog.make_filtering_bound_logger(LEVELS[level])
    return cast("Logger", structlog.wrap_logger(structlog.PrintLogger(out), processors, wrapper_class=wrapper))


def console_renderer(out: TextIO) -> Processor:
    """Aligned text; in colour where ``out`` is a terminal."""
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=32, sort_keys=False)


def safe_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Make every value of a line one that no peer can abuse and no payload can hide in."""
    for key, value in event.items():
        event[key] = safe(value)
    return event


def safe(value: object) -> object:
    """A value for a log line: numbers stay, text is escaped, bytes are counted, errors lose their message."""
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, MutableMapping):
        return {escape(str(key)): safe(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [safe(inner) for inner in value]
    return escape(str(value))


class StandardLogHandler(logging.Handler):
    """Passes what libraries say through ``logging`` (asyncio, uvicorn) on to our logger, at a limited rate."""

    def __init__(self, logger: Logger) -> None:
        super().__init__(logging.WARNING)
        self._logger = logger
        self._limit = RateLimit(time.monotonic, burst=20, interval=1.0)

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record's message; of its exception only class and place."""
        if self._limit.allow(record.name) is None:
            return
        values: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1]:
            values["error"] = record.exc_info[1]
        self._logger.log(record.levelno, record.getMessage(), **values)


def capture_standard_logging(logger: Logger) -> None:
    """Make our logger the only way out for the standard library's ``logging``."""
    root = logging.getLogger()
    root.handlers[:] = [StandardLogHandler(logger)]
    root.setLevel(logging.WARNING)


def capture_loop_errors(loop: asyncio.AbstractEventLoop, logger: Logger) -> None:
    """Log what the event loop meets outside any task. Its own text is left out: it quotes callback arguments."""

    def report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        logger.error("event loop error", error=context.get("exception"))

    loop.set_exception_handler(report)


class RateLimit:
    """How many lines one key (a peer, an event) may cause: ``burst`` at once, then one per ``interval`` seconds.

    ``clock`` gives seconds. At most ``max_keys`` keys are remembered; the one unused longest is forgotten.
    """

    def __init__(
        self, clock: Callable[[], float], burst: int = 5, interval: float = 10.0, max_keys: int = 10_000
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._interval = interval
        self._max_keys = max_keys
        self._keys: OrderedDict[tuple[str, ...], _Bucket] = OrderedDict()

    def allow(self, *key: str) -> int | None:
        """None: leave the line out. Otherwise how many lines of this key were left out since the last one."""
        now = self._clock()
        bucket = self._keys.get(key)
        if bucket is None:
            bucket = self._keys[key] = _Bucket(float(self._burst), now)
            if len(self._keys) > self._max_keys:
                self._keys.popitem(last=False)
        self._keys.move_to_end(key)
        return bucket.take(now, self._burst, self._interval)


class _Bucket:
    __slots__ = ("since", "suppressed", "tokens")

    def __init__(self, tokens: float, since: float) -> None:
        self.tokens = tokens
        self.since = since
        self.suppressed = 0

    def take(self, now: float, burst: int, interval: float) -> int | None:
        self.tokens = min(float(burst), self.tokens + (now - self.since) / interval)
        self.since = now
        if self.tokens < 1:
            self.suppressed += 1
            return None
        self.tokens -= 1
        suppressed, self.suppressed = self.suppressed, 0
        return suppressed
