from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.telemetry.text import describe, escape, where


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("User:alice", "User:alice"),
        ("a\r\nb", r"a\r\nb"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("abc\u202edef", r"abc\u202edef"),
        ("line\u2028separator", r"line\u2028separator"),
        ("Grüße", "Grüße"),
    ],
)
def test_unprintable_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_whatever_comes_stays_on_one_line_and_drives_no_terminal(text: str) -> None:
    assert escape(text).isprintable()


def test_long_text_is_cut_and_says_so() -> None:
    assert escape("x" * 50, limit=10) == "xxxxxxxxxx... (50 characters)"


def raised_by(text: str) -> ValueError:
    try:
        int(text)
    except ValueError as error:
        return error
    raise AssertionError


def test_an_exception_is_its_class_and_place_without_its_message() -> None:
    shown = describe(raised_by("4111" + "x"))
    assert shown.startswith("ValueError at test_text.py:")
    assert "4111" not in shown


def test_the_kernels_words_are_kept() -> None:
    assert describe(ConnectionRefusedError(111, "Connection\nrefused")) == (
        r"ConnectionRefusedError: [Errno 111] Connection\nrefused"
    )


def test_only_the_innermost_frames_are_named() -> None:
    error = raised_by("x")
    assert where(error.__traceback__, frames=1).endswith("in raised_by")
    assert where(None) == ""
