"""Whatever a message holds comes back from the bytes that it was written as."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.messages.drawing import DrawingReader
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.registry import REQUESTS, RESPONSES
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer

MESSAGES: list[type[Message]] = [*REQUESTS.values(), *RESPONSES.values()]


@st.composite
def messages(draw: st.DrawFn, kind: type[Message]) -> tuple[int, Message]:
    """A version and a message that fits it."""
    version = draw(st.integers(kind.MIN_VERSION, kind.MAX_VERSION))
    return version, kind.read(DrawingReader(draw), version)


def written(message: Message, version: int, *, keep_unknown_tags: bool = True) -> bytes:
    w = Writer(keep_unknown_tags=keep_unknown_tags)
    message.write(w, version)
    return w.getvalue()


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_what_is_written_is_read(kind: type[Message], data: st.DataObject) -> None:
    version, message = data.draw(messages(kind))
    raw = written(message, version)
    r = Reader(raw)
    again = kind.read(r, version)
    assert again == message
    assert r.remaining == 0
    assert written(again, version) == raw


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@settings(max_examples=3)
@given(data=st.data())
def test_unknown_tags_can_be_left_out(kind: type[Message], data: st.DataObject) -> None:
    version, message = data.draw(messages(kind))
    r = Reader(written(message, version, keep_unknown_tags=False))
    kind.read(r, version)
    assert (r.remaining, r.saw_unknown_tags) == (0, False)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_a_message_is_made_with_defaults_and_written_in_every_version(kind: type[Message]) -> None:
    for version in range(kind.MIN_VERSION, kind.MAX_VERSION + 1):
        raw = written(kind(), version)
        assert kind.read(Reader(raw), version) == kind()
