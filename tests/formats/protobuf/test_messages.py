"""What a schema says of messages."""

from __future__ import annotations

from zoneproxy.formats.protobuf.messages import KEY, UNKNOWN, VALUE, Field, Message
from zoneproxy.formats.protobuf.scalars import INT64


def test_of_an_unknown_message_nothing_is_known() -> None:
    assert not UNKNOWN.fields
    assert not UNKNOWN.is_entry


def test_messages_are_told_apart_whatever_is_in_them() -> None:
    assert Message() != Message()
    assert Message({KEY: Field(b"key", INT64)}).fields.keys() != {VALUE}
