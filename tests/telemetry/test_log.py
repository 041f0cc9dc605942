from __future__ import annotations

import asyncio
import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from zoneproxy.telemetry.log import (
    RateLimit,
    capture_loop_errors,
    capture_standard_logging,
    make_logger,
    safe,
)
from zoneproxy.wire.error_codes import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "4111" + 12 * "1"


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_and_level() -> None:
    out = io.StringIO()
    make_logger("info", "json", out).info("listening", port=9092)
    (line,) = lines(out)
    assert line["event"] == "listening"
    assert line["level"] == "info"
    assert line["port"] == 9092
    assert line["timestamp"].endswith("Z")


def test_below_its_level_nothing_is_written() -> None:
    out = io.StringIO()
    logger = make_logger("warning", "json", out)
    logger.info("quiet")
    logger.warning("loud")
    assert [line["event"] for line in lines(out)] == ["loud"]


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_peer_cannot_forge_a_line(form: Any) -> None:
    out = io.StringIO()
    make_logger("info", form, out).info("refused", subject='CN=x\r\n{"event": "all well"}\x1b[2J')
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b[2J" not in out.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_payload_reaches_a_line(form: Any) -> None:
    out = io.StringIO()
    try:
        int(SECRET + "x")
    except ValueError as error:
        make_logger("info", form, out).error("failed", error=error, data=SECRET.encode(), view=memoryview(b"4111"))
    assert "4111" not in out.getvalue()
    assert "<16 bytes>" in out.getvalue()


def test_values_inside_values_are_made_safe_too() -> None:
    assert safe({"a\n": [b"xy", ("c\r", None)], 1: {2.5}}) == {r"a\n": ["<2 bytes>", [r"c\r", None]], "1": [2.5]}
    assert safe(True) is True
    assert safe(ErrorCode.POLICY_VIOLATION) == "POLICY_VIOLATION"


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_libraries_speak_through_our_logger(root_logger: logging.Logger) -> None:
    out = io.StringIO()
    capture_standard_logging(make_logger("info", "json", out))
    try:
        int(SECRET + "x")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("went\nwrong")
    logging.getLogger("uvicorn.error").info("chatter")
    logging.getLogger("uvicorn.error").warning("careful")
    first, second = lines(out)
    assert first["event"] == r"went\nwrong"
    assert first["logger"] == "uvicorn.error"
    assert first["error"].startswith("ValueError at test_log.py:")
    assert second["level"] == "warning"


def test_a_library_cannot_be_made_to_fill_the_log(root_logger: logging.Logger) -> None:
    out = io.StringIO()
    capture_standard_logging(make_logger("info", "json", out))
    for _ in range(1000):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    assert 20 <= len(lines(out)) < 100


async def test_what_the_loop_meets_is_logged_without_its_arguments() -> None:
    out = io.StringIO()
    loop = asyncio.get_running_loop()
    capture_loop_errors(loop, make_logger("info", "json", out))
    done = asyncio.Event()

    def callback(_payload: str) -> None:
        done.set()
        raise ValueError(SECRET)

    loop.call_soon(callback, SECRET)
    await done.wait()
    await asyncio.sleep(0)
    (line,) = lines(out)
    assert line["event"] == "event loop error"
    assert line["error"].startswith("ValueError at ")
    assert SECRET not in out.getvalue()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_key_gets_a_burst_and_then_one_line_per_interval() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=2, interval=10)
    assert [limit.allow("denied", "alice") for _ in range(5)] == [0, 0, None, None, None]
    clock.now += 10
    assert limit.allow("denied", "alice") == 3
    assert limit.allow("denied", "alice") is None


def test_keys_do_not_share_a_limit() -> None:
    limit = RateLimit(Clock(), burst=1)
    assert limit.allow("denied", "alice") == 0
    assert limit.allow("denied", "bob") == 0
    assert limit.allow("denied", "alice") is None


def test_a_key_long_unused_has_its_burst_back_and_no_more() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=2, interval=10)
    limit.allow("a")
    clock.now += 1000
    assert [limit.allow("a") for _ in range(3)] == [0, 0, None]


def test_remembered_keys_are_bounded() -> None:
    limit = RateLimit(Clock(), burst=1, max_keys=2)
    for key in ("a", "b", "c"):
        limit.allow(key)
    assert limit.allow("c") is None
    assert limit.allow("a") == 0  # forgotten, so it starts anew
