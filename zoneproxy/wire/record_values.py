"""The values of a batch's records rewritten, and nothing else: three times as fast as through ``Record``.

Everything is checked that ``iter_records`` checks; keys and headers stay the bytes that they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.give_way import RECORDS, give_way
from zoneproxy.wire.record import check_headers
from zoneproxy.wire.varint import append_varint, read_long_number, read_number

_MIN_RECORD: Final = 7  # bytes: seven fields of one byte
_ANY_OFFSET: Final = 0x7FFFFFFF
_NULL: Final = 1  # the zigzag form of -1, the length that says null
_TABLE_SIZE: Final = 2048


def _varint(number: int) -> bytes:
    out = bytearray()
    append_varint(out, number)
    return bytes(out)


_VARINTS: Final = [_varint(number) for number in range(_TABLE_SIZE)]


def rewrite_values(  # noqa: C901 -- one loop, as in ``iter_records``
    payload: Buffer, count: int, change: Callable[[bytes], bytes], last_offset_delta: int = _ANY_OFFSET
) -> bytes | None:
    """The payload with every value that is neither null nor empty changed; None: ``change`` has changed none.

    ``change`` gives back the same object for a value that stays; what it raises goes through. Raises ProtocolError as
    ``iter_records`` does.
    """
    data = payload if isinstance(payload, bytes) else bytes(payload)
    size = len(data)
    if not 0 <= count * _MIN_RECORD <= size:
        raise ProtocolError("count")
    pieces: list[bytes] = []
    pos = done = 0  # ``done``: up to here it is in ``pieces``
    previous = -1
    try:
        for nth in range(count):
            if not nth & RECORDS:
                give_way()
            begin = pos
            if (number := data[pos]) < 0x80:
                pos += 1
            elif 0 < (high := data[pos + 1]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 2
            else:
                number, pos = read_number(data, pos)
            start = pos
            end = pos + (number >> 1)
            if number & 1:
                raise ProtocolError("malformed")
            if end > size:
                raise ProtocolError("truncated")

            if data[pos]:
                raise ProtocolError("attributes")

            if data[pos + 1] < 0x80:
                pos += 2
            elif 0 < data[pos + 2] < 0x80:
                pos += 3
            else:
                _, pos = read_long_number(data, pos + 1)

            if (number := data[pos]) < 0x80:
                pos += 1
            elif 0 < (high := data[pos + 1]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 2
            else:
                number, pos = read_number(data, pos)
            offset_delta = number >> 1
            if number & 1 or not previous < offset_delta <= last_offset_delta:
                raise ProtocolError("offsets")
            previous = offset_delta

            if (number := data[pos]) == _NULL:
                pos += 1
            else:
                if number < 0x80:
                    pos += 1
                elif 0 < (high := data[pos + 1]) < 0x80:
                    number, pos = number & 0x7F | high << 7, pos + 2
                else:
                    number, pos = read_number(data, pos)
                pos += number >> 1
                if number & 1 or pos > end:
                    raise ProtocolError("malformed")

            length_at = pos
            if (number := data[pos]) < 0x80:
                pos += 1
            elif 0 < (high := data[pos + 1]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 2
            else:
                number, pos = read_number(data, pos)
            if number == _NULL:
                number = 0
            after = pos + (number >> 1)
            if number & 1 or after > end:
                raise ProtocolError("malformed")

            if data[after]:
                check_headers(data, after, end)
            elif after + 1 != end:
                raise ProtocolError("malformed")

            if number:
                value = data[pos:after]
                new = change(value)
                if new is not value:
                    length = len(new)
                    prefix = _VARINTS[length] if length < _TABLE_SIZE else _varint(length)
                    whole = length_at - start + len(prefix) + length + end - after
                    if done < begin:
                        pieces.append(data[done:begin])
                    pieces += (
                        _VARINTS[whole] if whole < _TABLE_SIZE else _varint(whole),
                        data[start:length_at],
                        prefix,
                        new,
                        data[after:end],
                    )
                    done = end
            pos = end
    except IndexError:
        raise ProtocolError("truncated") from None
    if pos != size:
        raise ProtocolError("trailing")
    if not done:
        return None
    pieces.append(data[done:])
    return b"".join(pieces)
