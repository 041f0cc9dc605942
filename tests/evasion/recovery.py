"""What an adversary would do with what came through: decode it in every way, over and over, and look.

Written with the standard library only, so that it shares nothing with what it is to judge.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import re
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator

import lz4.frame
import zstandard

_DEEPEST = 3
_RUN = re.compile(rb"[A-Za-z0-9+/_\-=]{10,}")
_ASCII_85 = re.compile(rb"[!-u]{12,}")
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0410\u0412\u0415\u041d\u041a\u041c", "aeopcxyiABEHKM"
)


def recovered(data: bytes, canary: str) -> bool:
    """Whether ``canary`` can be read out of ``data``."""
    wanted = _bare(canary)
    return any(wanted in _bare(text) for text in _texts(data, 0, set()))


def _bare(text: str) -> str:
    """Without whatever may stand between characters."""
    plain = unicodedata.normalize("NFKC", text.translate(_LOOK_ALIKE))
    digits = (str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char for char in plain)
    return "".join(char for char in "".join(digits) if char.isascii() and char.isalnum()).lower()


def _texts(data: bytes, depth: int, seen: set[bytes]) -> Iterator[str]:
    if data in seen or len(data) > 1 << 20:
        return
    seen.add(data)
    for charset in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037"):
        yield data.decode(charset, "ignore")
    yield re.sub("<[^<>]*>", "", data.decode("utf-8", "ignore"))
    if depth < _DEEPEST:
        for decoded in _decoded(data):
            yield from _texts(decoded, depth + 1, seen)


def _decoded(data: bytes) -> Iterator[bytes]:
    text = data.decode("utf-8", "ignore")
    yield urllib.parse.unquote_to_bytes(text)
    yield html.unescape(text).encode(errors="ignore")
    yield quopri.decodestring(data)
    yield re.sub(rb"\\+x([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match.group(1).decode()), data)
    yield re.sub(r"\\+u([0-9A-Fa-f]{4})", lambda match: chr(int(match.group(1), 16)), text).encode(errors="ignore")
    yield re.sub(rb"\\([0-3][0-7]{2})", lambda match: bytes((int(match.group(1), 8),)), data)
    yield from _numbers(text)
    yield from _strings(text)
    for unpack in _UNPACK:
        yield from _tried(unpack, data)
    for run in _RUN.findall(re.sub(rb"\\[rn]|\s", b"", data)):
        for decode in _DECODE:
            yield from _tried(decode, run)
    for run in _ASCII_85.findall(data):
        yield from _tried(base64.a85decode, run)
        yield from _tried(base64.b85decode, run)
    for run in re.findall(rb"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{12,}", data):
        yield from _tried(base64.b85decode, run)
    yield from _tried(bytes.fromhex, re.sub("0x|[^0-9A-Fa-f]", "", text))


def _tried(decode: Callable[..., bytes], data: bytes | str) -> Iterator[bytes]:
    try:
        yield decode(data)
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        zlib.error,
        lzma.LZMAError,
        zstandard.ZstdError,
        binascii.Error,
    ):
        return


def _numbers(text: str) -> Iterator[bytes]:
    for number in re.findall(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]{1,2}", text):
        yield b"%d" % int(float(number))


def _strings(text: str) -> Iterator[bytes]:
    """All that the strings of a document say, one by one and together."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    found: list[str] = []
    waiting = [document]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, dict):
            waiting += list(each.values())
        elif isinstance(each, list):
            waiting += each
        else:
            found.append(str(each))
    yield "".join(found).encode(errors="ignore")
    for each in found:
        yield each.encode(errors="ignore")


def _unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


_UNPACK: tuple[Callable[[bytes], bytes], ...] = (
    gzip.decompress,
    zlib.decompress,
    bz2.decompress,
    lzma.decompress,
    lz4.frame.decompress,
    _unzipped,
    lambda data: zstandard.ZstdDecompressor().decompress(data, max_output_size=1 << 20),
)
_DECODE: tuple[Callable[[bytes], bytes], ...] = (
    lambda run: base64.b64decode(run.rstrip(b"=") + b"=" * (-len(run.rstrip(b"=")) % 4)),
    lambda run: base64.urlsafe_b64decode(run.rstrip(b"=") + b"=" * (-len(run.rstrip(b"=")) % 4)),
    lambda run: base64.b32decode(run.rstrip(b"=") + b"=" * (-len(run.rstrip(b"=")) % 8), casefold=True),
    binascii.a2b_hex,
)
