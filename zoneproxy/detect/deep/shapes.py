"""What bytes of certain kinds look like once they are encoded: patterns that tell coded text without decoding it.

Text in base64 is no random base64: of the four characters for three printable bytes the first is one of 24, the second
has a low nibble of 2 to 7, the third has a bit clear. Two such groups in a row are rare in names, ids and hashes, so
that most values can be passed over after one look of a linear pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

Kind = frozenset[int]
"""The bytes that there may be at a place."""

PRINTABLE: Kind = frozenset(range(0x20, 0x7F))
NUL: Kind = frozenset({0})
ANY: Kind = frozenset(range(0x100))
STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
URL_SAFE = STANDARD[:62] + b"-_"
BASE_32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def just(data: bytes) -> list[Kind]:
    """These very bytes."""
    return [frozenset({byte}) for byte in data]


FULL_WIDTH = [*just(b"\xef\xbc"), frozenset(range(0x90, 0x9A))]
"""A full-width digit in UTF-8."""
ZLIB = [*just(b"\x78"), frozenset(b"\x01\x5e\x9c\xda"), *[ANY] * 6]  # so short a magic is told by nothing else
LONG_MAGICS: tuple[list[Kind], ...] = (
    just(b"\x1f\x8b\x08"),
    just(b"PK\x03\x04"),
    [*just(b"BZh"), frozenset(b"123456789"), *just(b"1AY&SY")],
    just(b"\xfd7zXZ"),
    just(b"\x28\xb5\x2f\xfd"),
    just(b"\x04\x22\x4d\x18"),
)
MAGICS = (*LONG_MAGICS, ZLIB)
"""How what is compressed begins: gzip, zip, bzip2, xz, zstd, lz4, zlib."""


def worth_decoding(length: int, group: int) -> Iterator[list[Kind]]:
    """What shows that coded text is worth decoding, whichever digit of a group it begins with.

    ``length`` printable bytes; some UTF-16, either way round; some full-width digits; the beginning of something
    compressed. ``group`` is how many bytes are coded together.
    """
    yield [PRINTABLE] * length
    yield [PRINTABLE, NUL] * (length // 2)
    yield [NUL, PRINTABLE] * (length // 2)
    for start in range(len(FULL_WIDTH) if group > 1 else 1):
        yield (FULL_WIDTH * 3)[start : start + max(length // 2, group)]
    yield from MAGICS


def raw(kinds: Sequence[Kind]) -> bytes:
    """A pattern for bytes of ``kinds`` as they are."""
    return b"".join(map(one_of, kinds))


def hexadecimal(kinds: Sequence[Kind]) -> bytes:
    """A pattern for bytes of ``kinds`` in hexadecimal digits."""
    return b"".join(b"(?:" + b"|".join(_pairs(kind)) + b")" for kind in kinds)


def base_64(kinds: Sequence[Kind]) -> bytes:
    """A pattern for bytes of ``kinds`` in base64, of either alphabet."""
    return _coded(kinds, 6, lambda value: {STANDARD[value], URL_SAFE[value]})


def base_32(kinds: Sequence[Kind]) -> bytes:
    """A pattern for bytes of ``kinds`` in base32 (RFC 4648), of either case."""
    return _coded(kinds, 5, lambda value: {BASE_32[value], BASE_32.lower()[value]})


def one_of(characters: Iterable[int]) -> bytes:
    """A character class."""
    return b"[" + b"".join(b"\\x%02x" % char for char in sorted(set(characters))) + b"]"


def _pairs(kind: Kind) -> Iterator[bytes]:
    """The pairs of digits for the bytes of ``kind``, those with the same first digits together."""
    lasts: dict[int, set[int]] = {}
    for byte in kind:
        lasts.setdefault(byte >> 4, set()).add(byte & 15)
    for first, last in sorted(lasts.items()):
        yield one_of(b"%x%X" % (first, first)) + one_of(b"".join(b"%x%X" % (digit, digit) for digit in last))


def _coded(kinds: Sequence[Kind], width: int, written: Callable[[int], set[int]]) -> bytes:
    """Digits of ``width`` bits each; the last one may stand for bits of what follows as well."""
    open_ended = [*kinds, ANY]
    digits = range(-(-len(kinds) * 8 // width))
    return b"".join(one_of(set().union(*map(written, _values(open_ended, at * width, width)))) for at in digits)


def _values(kinds: Sequence[Kind], bit: int, width: int) -> set[int]:
    """The values that ``width`` bits from ``bit`` on can have."""
    at, offset = divmod(bit, 8)
    beyond = offset + width - 8
    if beyond <= 0:
        return {byte >> -beyond & (1 << width) - 1 for byte in kinds[at]}
    upper = {byte & (1 << 8 - offset) - 1 for byte in kinds[at]}
    lower = {byte >> 8 - beyond for byte in kinds[at + 1]}
    return {high << beyond | low for high in upper for low in lower}
