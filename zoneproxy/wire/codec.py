"""From frames to messages and back.

A frame is what crosses the wire for one request or response, its 4-byte length prefix included, so that a frame
which was not touched goes on with one write.

Which bytes may go on: a message that is decoded here tells whether its frame holds anything that was not understood,
which is bytes behind the body and tagged fields that our definitions do not know. A request with any of them has to
be encoded again, without them. A response may keep unknown tags within a zone, but not trailing bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final, Generic, TypeVar

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.messages import request_header, response_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.registry import REQUESTS, RESPONSES
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.single_produce import read_single_produce
from zoneproxy.wire.writer import Writer

REQUEST_HEAP: Final = 16 << 20
"""The most bytes of objects that one request may become, by estimate (see ``reader``): a Fetch of 42,000 partitions.
Requests of many more elements are nothing but work: 15 MB of them kept an event loop busy for seconds."""

PREFIX: Final = 4
"""Bytes of the length before each frame."""

UNREADABLE: Final = -1
"""The ``body`` of a request whose key or version is not in our table."""

_PRODUCE: Final = int(ApiKey.PRODUCE)  # to look a key up in its class takes six times as long
_KEY_AND_VERSION = Struct(">hh")
_START = Struct(">iih")  # key and version, correlation id, length of the client id
_CLIENT_ID = PREFIX + _START.size
_TAGS_OF_RESPONSE = 8  # the offset of a response header's tagged fields
_REQUEST_HEADER_VERSIONS: Final = (1, 2)  # of a version without and with tagged fields
_RESPONSE_HEADER_VERSIONS: Final = (0, 1)
# For each key and version (16 bits each): whether the header ends in tagged fields.
_TAGS_OF_REQUESTS: Final = {
    key << 16 | version: version >= message.FLEXIBLE_FROM
    for key, message in REQUESTS.items()
    for version in range(message.MIN_VERSION, message.MAX_VERSION + 1)
}

M = TypeVar("M", bound=Message)


@dataclass(slots=True)
class RequestHeader:
    """The header of a request.

    ``body`` is the offset in the frame at which the body starts, or UNREADABLE; then the other fields are still as
    the peer sent them, as far as ``client_id``, so that ApiVersions can be answered (KIP-511). ``exact``: the header
    holds no unknown tagged fields.
    """

    api_key: int
    api_version: int
    correlation_id: int
    client_id: str | None
    body: int = UNREADABLE
    exact: bool = True


@dataclass(slots=True)
class Decoded(Generic[M]):
    """A message and what its frame held besides.

    ``exact``: nothing at all, so the frame's own bytes say what the message says. ``trailing``: bytes behind the
    body. ``unknown_tags``: whether tagged fields are there that our definitions do not know.
    """

    message: M
    exact: bool
    trailing: int
    unknown_tags: bool


def is_known(api_key: int, api_version: int) -> bool:
    """Whether messages of this key and version can be decoded and encoded."""
    message = REQUESTS.get(api_key)
    return message is not None and message.MIN_VERSION <= api_version <= message.MAX_VERSION


def read_request_header(frame: Buffer) -> RequestHeader:
    """Read the header of a request of any key and version. Raises ProtocolError."""
    if len(frame) >= _CLIENT_ID:
        kind, correlation_id, length = _START.unpack_from(frame, PREFIX)
        tags = _TAGS_OF_REQUESTS.get(kind)
        if tags is not None and length >= 0:
            end = _CLIENT_ID + length
            if end + tags <= len(frame) and not (tags and frame[end]):
                try:
                    client_id = str(frame[_CLIENT_ID:end], "utf-8")
                except UnicodeDecodeError:
                    raise ProtocolError("utf8") from None
                return RequestHeader(kind >> 16, kind & 0xFFFF, correlation_id, client_id, end + tags)
    return _read_unusual_header(frame)


def _read_unusual_header(frame: Buffer) -> RequestHeader:
    """Any header; ``read_request_header`` reads nearly all of them, with a client id and no tagged fields, quicker."""
    if len(frame) < PREFIX + _KEY_AND_VERSION.size:
        raise ProtocolError("truncated")
    api_key, api_version = _KEY_AND_VERSION.unpack_from(frame, PREFIX)
    known = is_known(api_key, api_version)
    r = Reader(frame, PREFIX)
    # All of it but the tagged fields stands in the same place in headers of version 1 and 2.
    header = request_header.RequestHeader.read(r, _request_header_version(api_key, api_version) if known else 1)
    return RequestHeader(
        api_key,
        api_version,
        header.correlation_id,
        header.client_id,
        r.pos if known else UNREADABLE,
        not header.unknown_tags,
    )


def decode_request(frame: Buffer, header: RequestHeader) -> Decoded[Message]:
    """Read the body of a request whose header has a readable ``body``. Raises ProtocolError."""
    if header.body == UNREADABLE:
        raise ProtocolError("version")
    if header.api_key == _PRODUCE and header.exact:
        single = read_single_produce(frame, header.body, header.api_version)
        if single is not None:
            return Decoded(single, True, 0, False)
    r = Reader(frame, header.body)
    r.heap_limit = min(r.heap_limit, REQUEST_HEAP)
    message = REQUESTS[header.api_key].read(r, header.api_version)
    trailing, unknown = r.end - r.pos, r.saw_unknown_tags or not header.exact
    return Decoded(message, trailing == 0 and not unknown, trailing, unknown)


def decode_response(frame: Buffer, api_key: int, version: int) -> Decoded[Message]:
    """Read a response, header and body, to a request of that key and version. Raises ProtocolError."""
    if not is_known(api_key, version):
        raise ProtocolError("version")
    header_version = _response_header_version(api_key, version)
    if header_version and len(frame) > _TAGS_OF_RESPONSE and not frame[_TAGS_OF_RESPONSE]:
        r = Reader(frame, _TAGS_OF_RESPONSE + 1)
    else:
        r = Reader(frame, PREFIX)
        response_header.ResponseHeader.read(r, header_version)
    message = RESPONSES[api_key].read(r, version)
    trailing, unknown = r.end - r.pos, r.saw_unknown_tags
    return Decoded(message, trailing == 0 and not unknown, trailing, unknown)


def encode_request(header: RequestHeader, message: Message) -> bytes:
    """Write a request without unknown tagged fields. Raises EncodeError."""
    w = Writer(keep_unknown_tags=False)
    request_header.RequestHeader(
        request_api_key=header.api_key,
        request_api_version=header.api_version,
        correlation_id=header.correlation_id,
        client_id=header.client_id,
    ).write(w, _request_header_version(header.api_key, header.api_version))
    message.write(w, header.api_version)
    return w.frame()


def encode_response(
    correlation_id: int, api_key: int, version: int, message: Message, keep_unknown_tags: bool = True
) -> bytes:
    """Write a response in the version of its request; ApiVersions in version 0 for KIP-511. Raises EncodeError."""
    w = Writer(keep_unknown_tags=keep_unknown_tags)
    header = response_header.ResponseHeader(correlation_id=correlation_id)
    header.write(w, _response_header_version(api_key, version))
    message.write(w, version)
    return w.frame()


def _request_header_version(api_key: int, version: int) -> int:
    return _REQUEST_HEADER_VERSIONS[version >= REQUESTS[api_key].FLEXIBLE_FROM]


def _response_header_version(api_key: int, version: int) -> int:
    """An ApiVersions response never has tagged fields in its header: its sender may be older than its reader."""
    return _RESPONSE_HEADER_VERSIONS[api_key != ApiKey.API_VERSIONS and version >= RESPONSES[api_key].FLEXIBLE_FROM]
