"""What Kafka's own classes wrote, made by tests/wire/java/make_message_vectors.py."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from zoneproxy.wire.codec import Decoded, decode_request, decode_response, encode_request, encode_response
from zoneproxy.wire.codec import read_request_header as read_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.struct import Struct

FILE = Path(__file__).parent / "vectors.jsonl.gz"


@dataclass(frozen=True)
class Vector:
    """One message as Kafka wrote it; ``fields`` are its fields as Kafka's own JSON writer shows them.

    ``variant``: ``default`` values, ``empty`` or ``null`` where that is possible, ``full``, or with ``unknown_tags``.
    """

    api: str
    kind: str  # request, response, data
    variant: str
    version: int
    fields: Mapping[str, Any]
    hex: str

    def __str__(self) -> str:
        return f"{self.api}-{self.kind}-v{self.version}-{self.variant}"

    @property
    def key(self) -> ApiKey:
        return ApiKey[self.api]

    @property
    def frame(self) -> bytes:
        return framed(bytes.fromhex(self.hex))

    def decode(self, frame: bytes) -> Decoded[Message]:
        """Decode other bytes in the place of this vector's."""
        if self.kind == "request":
            return decode_request(frame, read_header(frame))
        return decode_response(frame, self.key, self.version)

    def encode(self, message: Message, frame: bytes) -> bytes:
        """Encode, with the header of ``frame``."""
        if self.kind == "request":
            return encode_request(read_header(frame), message)
        correlation_id = int.from_bytes(frame[4:8], "big", signed=True)
        return encode_response(correlation_id, self.key, self.version, message)


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


@cache
def load_vectors() -> list[Vector]:
    with gzip.open(FILE, "rt") as lines:
        return [Vector(**json.loads(line)) for line in lines]


def of_apis() -> list[Vector]:
    return [vector for vector in load_vectors() if vector.kind != "data"]


def by_message() -> dict[str, list[Vector]]:
    """All vectors of each request and response, under a name for it."""
    groups: dict[str, list[Vector]] = {}
    for vector in of_apis():
        groups.setdefault(f"{vector.api}-{vector.kind}", []).append(vector)
    return groups


def differences(value: object, expected: object, path: str = "") -> list[str]:
    """Where a decoded value is not what Kafka's JSON says; fields that the JSON leaves out must be as by default."""
    if isinstance(value, Struct):
        assert isinstance(expected, dict), path
        return _struct_differences(value, {name.lower(): v for name, v in expected.items()}, path)
    if isinstance(value, list):
        if not isinstance(expected, list) or len(value) != len(expected):
            return [path]
        pairs = enumerate(zip(value, expected, strict=True))
        return [found for i, (mine, theirs) in pairs for found in differences(mine, theirs, f"{path}[{i}]")]
    return [] if _plain(value, expected) == expected else [path]


def _struct_differences(struct: Struct, expected: dict[str, object], path: str) -> list[str]:
    found = []
    default = type(struct)()
    for name in type(struct).__slots__:
        value, plain = getattr(struct, name), name.replace("_", "")
        if name == "unknown_tags":
            continue
        if plain in expected:
            found += differences(value, expected.pop(plain), f"{path}.{name}")
        elif plain + "sizeinbytes" in expected:
            found += differences(len(value), expected.pop(plain + "sizeinbytes"), f"{path}.{name}")
        elif value != getattr(default, name):
            found.append(f"{path}.{name}")
    return found + [f"{path}.{name}: missing" for name in expected]


def _plain(value: object, expected: object) -> object:
    if isinstance(value, bytes) and len(value) == 16 and isinstance(expected, str) and len(expected) == 22:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
