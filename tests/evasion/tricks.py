"""Ways to write a value so that nobody who looks for it sees it: rows 15 to 31 of the table in docs/detection.md.

Each says what becomes of it at either depth where it stands in the value of a record, and where it stands alone.
"""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import lz4.frame
import zstandard


class Outcome(Enum):
    """What a redacting rule comes to."""

    REDACTED = "redacted"
    BLOCKED = "blocked"
    MISSED = "missed"


REDACTED, BLOCKED, MISSED = Outcome.REDACTED, Outcome.BLOCKED, Outcome.MISSED
Write = Callable[[str], bytes]


class Trick(NamedTuple):
    """``write`` disguises a text; ``only`` are the canaries for which it is one, all if empty."""

    row: int
    name: str
    write: Write
    fast: Outcome
    deep: Outcome
    only: tuple[str, ...] = ()


NUMBERS = ("PAYMENT_CARD",)
# Small things are stored rather than compressed, and then stand there to be read.
_FILLER = b" ".join(b"%d bottles of beer on the wall," % bottles for bottles in range(40)) + b" "
_OTHER_SCRIPT = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "A": "\u0410", "E": "\u0415", "K": "\u041a"}


def _each(form: str) -> Write:
    return lambda text: "".join(form % ord(char) for char in text).encode()


def _shifted(first: int) -> Write:
    return lambda text: "".join(chr(first + int(char)) if char.isdigit() else char for char in text).encode()


def _between(what: str) -> Write:
    return lambda text: what.join(text).encode()


def _in_json(write: Write, times: int = 1) -> Write:
    def written(text: str) -> bytes:
        value = write(text).decode()
        for _ in range(times):
            value = json.dumps({"note": value}, ensure_ascii=False)
        return value.encode()

    return written


def _coded(encode: Callable[[bytes], bytes]) -> Write:
    return lambda text: encode(text.encode())


def _wrapped(text: str) -> bytes:
    coded = base64.b64encode(text.encode())
    return b"\r\n".join(coded[at : at + 12] for at in range(0, len(coded), 12))


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", _FILLER + data)
    return out.getvalue()


def _utf_7(text: str) -> bytes:
    return b"+" + base64.b64encode(text.encode("utf-16-be")).rstrip(b"=") + b"-"


def _glyphs(text: str) -> bytes:
    return b"%PDF-1.7\nBT <" + "".join(f"{ord(char) - 29:04x}" for char in text).encode() + b"> Tj ET"


TRICKS = (
    Trick(15, "json \\u escapes", _in_json(_each("\\u%04x"), 0), REDACTED, REDACTED),
    Trick(
        15,
        "json \\U of mixed case in a document",
        lambda text: b'{"a":"' + _each("\\u%04X")(text) + b'"}',
        REDACTED,
        REDACTED,
    ),
    Trick(16, "a number", lambda text: b'{"note":' + text.encode() + b"}", REDACTED, REDACTED, NUMBERS),
    Trick(
        16,
        "an exponent",
        lambda text: b'{"note":%s.%se15}' % (text[:1].encode(), text[1:].encode()),
        MISSED,
        REDACTED,
        NUMBERS,
    ),
    Trick(16, "leading zeros", lambda text: b'{"note":"0000%s"}' % text.encode(), MISSED, REDACTED, NUMBERS),
    Trick(
        16,
        "underscores",
        lambda text: text[:4].encode() + b"_" + b"_".join(text[at : at + 4].encode() for at in (4, 8, 12)),
        MISSED,
        REDACTED,
        NUMBERS,
    ),
    Trick(17, "a name twice", lambda text: b'{"a":"%s","a":"x"}' % text.encode(), REDACTED, REDACTED),
    Trick(18, "a byte order mark", lambda text: b'\xef\xbb\xbf{"a":"%s"}' % text.encode(), REDACTED, REDACTED),
    Trick(18, "comments", lambda text: b'{/* x */"a":"%s"} // y' % text.encode(), REDACTED, REDACTED),
    Trick(18, "single quotes", lambda text: b"{'a':'%s',b:NaN}" % text.encode(), REDACTED, REDACTED),
    Trick(18, "lines of json", lambda text: b'{"a":1}\n{"a":"%s"}\n' % text.encode(), REDACTED, REDACTED),
    Trick(18, "trailing data", lambda text: b'{"a":1} %s' % text.encode(), REDACTED, REDACTED),
    Trick(18, "json in a string", _in_json(str.encode, 2), REDACTED, REDACTED),
    Trick(
        18,
        "escapes in json in strings of json",
        _in_json(lambda text: b'{"a":"' + _each("\\u%04x")(text) + b'"}', 2),
        MISSED,
        REDACTED,
    ),
    Trick(19, "utf-16 with a mark", lambda text: text.encode("utf-16"), MISSED, REDACTED),
    Trick(19, "utf-16, little endian", lambda text: text.encode("utf-16-le"), MISSED, REDACTED),
    Trick(19, "utf-16, big endian", lambda text: text.encode("utf-16-be"), MISSED, REDACTED),
    Trick(19, "utf-32", lambda text: text.encode("utf-32"), MISSED, REDACTED),
    Trick(19, "utf-7", _utf_7, MISSED, REDACTED),
    Trick(19, "ebcdic", lambda text: text.encode("cp037"), MISSED, REDACTED),
    Trick(19, "latin-1", lambda text: b"caf\xe9 " + text.encode("latin-1"), REDACTED, REDACTED),
    Trick(20, "full-width digits", _shifted(0xFF10), MISSED, REDACTED, ("PAYMENT_CARD", "IBAN")),
    Trick(20, "arabic-indic digits", _shifted(0x660), MISSED, REDACTED, ("PAYMENT_CARD", "IBAN")),
    Trick(20, "mathematical digits", _shifted(0x1D7CE), MISSED, REDACTED, ("PAYMENT_CARD", "IBAN")),
    Trick(20, "full-width digits in json", _in_json(_shifted(0xFF10)), MISSED, REDACTED, ("PAYMENT_CARD", "IBAN")),
    Trick(21, "zero-width spaces", _between("\u200b"), MISSED, REDACTED),
    Trick(21, "zero-width joiners in json", _in_json(_between("\u200d")), MISSED, REDACTED),
    Trick(21, "soft hyphens", _between("\u00ad"), MISSED, REDACTED),
    Trick(21, "combining marks", _between("\u0301"), MISSED, REDACTED),
    Trick(21, "bidirectional controls", _between("\u202e"), MISSED, REDACTED),
    Trick(22, "spaces", _between(" "), REDACTED, REDACTED, NUMBERS),
    Trick(22, "no-break spaces", _between("\u00a0"), MISSED, REDACTED, NUMBERS),
    Trick(22, "new lines", _between("\n"), MISSED, REDACTED, NUMBERS),
    Trick(22, "tags", _between("<b></b>"), MISSED, REDACTED),
    Trick(22, "comments of html", _between("<!-- -->"), MISSED, REDACTED),
    Trick(
        22,
        "dashes of unicode",
        lambda text: "\u2013".join(text[at : at + 4] for at in range(0, 16, 4)).encode(),
        MISSED,
        REDACTED,
        NUMBERS,
    ),
    Trick(
        23,
        "letters of other scripts",
        lambda text: "".join(_OTHER_SCRIPT.get(char, char) for char in text).encode(),
        MISSED,
        REDACTED,
        ("IBAN", "AWS_ACCESS_KEY"),
    ),
    Trick(23, "a domain in punycode", lambda _: b"jane.roe@xn--exmple-cua.com", REDACTED, REDACTED, ("EMAIL",)),
    Trick(24, "base64", _coded(base64.b64encode), MISSED, REDACTED),
    Trick(24, "base64 in json", _in_json(_coded(base64.b64encode)), MISSED, REDACTED),
    Trick(24, "base64url", _coded(base64.urlsafe_b64encode), MISSED, REDACTED),
    Trick(24, "base64 without padding", lambda text: base64.b64encode(text.encode()).rstrip(b"="), MISSED, REDACTED),
    Trick(24, "base64 in lines", _wrapped, MISSED, REDACTED),
    Trick(24, "base64 in lines in json", _in_json(_wrapped), MISSED, REDACTED),
    Trick(24, "base64 behind other text", lambda text: b"id" + base64.b64encode(text.encode()), MISSED, REDACTED),
    Trick(24, "base32", _coded(base64.b32encode), MISSED, REDACTED),
    Trick(24, "base85", _coded(base64.b85encode), MISSED, REDACTED),
    Trick(24, "ascii85", _coded(base64.a85encode), MISSED, REDACTED),
    Trick(24, "hexadecimal", lambda text: text.encode().hex().encode(), MISSED, REDACTED),
    Trick(24, "hexadecimal, bytes apart", lambda text: text.encode().hex(" ").encode(), MISSED, REDACTED),
    Trick(24, "\\x escapes", _each("\\x%02x"), MISSED, REDACTED),
    Trick(24, "octal escapes", _each("\\%03o"), MISSED, REDACTED),
    Trick(24, "percent", _each("%%%02X"), MISSED, REDACTED),
    Trick(24, "percent of percent", _each("%%25%02X"), MISSED, REDACTED),
    Trick(24, "quoted-printable", _each("=%02X"), MISSED, REDACTED),
    Trick(24, "entities", _each("&#%d;"), MISSED, REDACTED),
    Trick(24, "base64 of base64", _coded(lambda data: base64.b64encode(base64.b64encode(data))), MISSED, REDACTED),
    Trick(24, "base64 six times", _coded(lambda data: _times(base64.b64encode, data, 6)), MISSED, MISSED),
    Trick(25, "gzip", _coded(gzip.compress), MISSED, REDACTED),
    Trick(25, "zlib", _coded(zlib.compress), MISSED, REDACTED),
    Trick(25, "zip", _coded(_zipped), MISSED, REDACTED),
    Trick(25, "bzip2", _coded(bz2.compress), MISSED, REDACTED),
    Trick(25, "xz", _coded(lambda data: lzma.compress(_FILLER + data)), MISSED, REDACTED),
    Trick(25, "zstd", _coded(lambda data: zstandard.ZstdCompressor().compress(_FILLER + data)), MISSED, REDACTED),
    Trick(25, "lz4, which stores what is new", _coded(lz4.frame.compress), REDACTED, REDACTED, ("IBAN", "EMAIL")),
    Trick(25, "lz4", _coded(lz4.frame.compress), MISSED, REDACTED, NUMBERS),
    Trick(25, "base64 of gzip", _coded(lambda data: base64.b64encode(gzip.compress(data))), MISSED, REDACTED),
    Trick(
        25,
        "base64 of gzip in json",
        _in_json(_coded(lambda data: base64.b64encode(gzip.compress(data)))),
        MISSED,
        REDACTED,
    ),
    Trick(25, "a bomb", lambda text: gzip.compress(bytes(1 << 22) + text.encode()), MISSED, BLOCKED),
    Trick(25, "deflate without a header", _coded(lambda data: zlib.compress(data, wbits=-15)), MISSED, MISSED),
    Trick(26, "reversed", lambda text: text[::-1].encode(), MISSED, MISSED, ("IBAN", "JWT", "AWS_ACCESS_KEY")),
    Trick(
        26,
        "rot13",
        lambda text: codecs.encode(text, "rot13").encode(),
        MISSED,
        MISSED,
        ("IBAN", "AWS_ACCESS_KEY", "JWT"),
    ),
    Trick(26, "xor", lambda text: bytes(byte ^ 0x55 for byte in text.encode()), MISSED, MISSED),
    Trick(30, "xml", lambda text: b"<pan>%s</pan>" % text.encode(), REDACTED, REDACTED),
    Trick(30, "xml with cdata", lambda text: b"<pan><![CDATA[%s]]></pan>" % text.encode(), REDACTED, REDACTED),
    Trick(30, "xml with entities", lambda text: b"<pan>" + _each("&#x%x;")(text) + b"</pan>", MISSED, REDACTED),
    Trick(30, "csv with quotes", lambda text: b'1,"%s",x\r\n' % text.encode(), REDACTED, REDACTED),
    Trick(30, "yaml", lambda text: b"pan: %s\n" % text.encode(), REDACTED, REDACTED),
    Trick(30, "messagepack", lambda text: b"\x81\xa3pan\xd9%c%s" % (len(text), text.encode()), REDACTED, REDACTED),
    Trick(31, "glyphs of a font of its own in a pdf", _glyphs, MISSED, MISSED),
    Trick(
        31,
        "text in a pdf",
        lambda text: b"%PDF-1.7\nstream\n" + zlib.compress(b"BT (%s) Tj ET" % text.encode()) + b"\nendstream",
        MISSED,
        REDACTED,
    ),
)


def _times(encode: Callable[[bytes], bytes], data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = encode(data)
    return data
