"""Replies in which nothing can be found that anything would be done with, told by their bytes alone.

A producer that waits for each of its records makes the proxy read a reply for each of them, of which all but a few
say the same: one partition, stored, no error. Reading such a reply as a message takes a fifth of the time that
the whole request takes; looking whether it has that shape takes next to nothing. Every byte of it is accounted for:
what is not exactly so is decoded, and decided on as a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import TYPE_CHECKING

from zoneproxy.boundary.addresses import rewrite_node_endpoints
from zoneproxy.boundary.produce import check_ids
from zoneproxy.boundary.texts import default_texts
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import Context, Then
    from zoneproxy.wire.buffer import Buffer

_PRODUCE = int(ApiKey.PRODUCE)

DONE_TO_PRODUCE = frozenset({rewrite_node_endpoints, default_texts, check_ids})
"""These leave a reply without errors, texts and endpoints as it is, and know nothing of one request more than another.
"""

# A ProduceResponse of version 9 and later (flexible), behind length and correlation id: tags of the header, one topic
# by name (or, from 13 on, by id), one partition.
_FLEXIBLE_FROM = 9
_IDS_FROM = 13
_TAGS, _TOPICS, _NAME = 8, 9, 10
_ONE = 2  # a compact array of one
_NO_ERROR = b"\0\0"
_NOTHING_MORE = b"\1\0\0\0"  # no record errors, no text, no tags in the partition and in the topic
_ERROR, _END_OF_OFFSETS, _SIZE = 5, 31, 40  # from the partitions' count on

# The same by id, where all stands in fixed places: what is not skipped says something.
_BY_ID = Struct(">8x2s16xs4x2s24x4s4xs")
_PLAIN_BY_ID = (b"\0\2", b"\2", _NO_ERROR, _NOTHING_MORE, b"\0")


def is_plain(frame: Buffer, thens: Sequence[Then], ctx: Context) -> bool:
    """Whether the reply may go on as it is, whoever asked: none of ``thens`` would do or learn anything."""
    version = ctx.header.api_version
    if ctx.header.api_key != _PRODUCE or version < _FLEXIBLE_FROM or not DONE_TO_PRODUCE.issuperset(thens):
        return False
    # Whether it says that one partition was stored, and nothing else at all.
    if version >= _IDS_FROM:
        return len(frame) == _BY_ID.size and _BY_ID.unpack(frame) == _PLAIN_BY_ID
    return _is_plain_by_name(frame)


def _is_plain_by_name(frame: Buffer) -> bool:
    if len(frame) <= _NAME or frame[_TAGS] or frame[_TOPICS] != _ONE:
        return False
    length = frame[_NAME]
    at = _NAME + length
    if not 1 < length < 0x80 or not bytes(frame[_NAME + 1 : at]).isascii():
        return False
    return (
        len(frame) == at + _SIZE
        and frame[at] == _ONE
        and frame[at + _ERROR : at + _ERROR + 2] == _NO_ERROR
        and frame[at + _END_OF_OFFSETS : at + _END_OF_OFFSETS + 4] == _NOTHING_MORE
        and not frame[-1]
    )
