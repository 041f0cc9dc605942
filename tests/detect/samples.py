"""Values that detectors must find, made by rules of their own, and the ways people write them."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from zoneproxy.detect.iban import LENGTHS

CORE = ("PAYMENT_CARD", "US_SSN", "EMAIL", "IBAN")
CARD = "4111111111111111"
AMEX = "378282246310005"
SSN = "219-09-9998"
EMAIL = "jane.roe@example.com"
IBAN = "DE89370400440532013000"

ISSUERS = [
    *(("4", n) for n in (13, 16, 19)), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
    ("300", 14), ("36", 14), ("6011", 16), ("65", 19), ("3528", 16), ("3589", 19), ("1800", 15), ("2131", 15),
    ("62", 17), ("81", 16), ("2200", 16), ("50", 12), ("6759", 13), ("6304", 18), ("9792", 16),
]  # fmt: skip


def luhn_digit(body: str) -> str:
    """The check digit behind ``body``, digit by digit as ISO/IEC 7812 tells it."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def iban_of(country: str, account: str) -> str:
    """``account`` with its check digits (ISO 13616: 98 less the remainder)."""
    number = "".join(str(int(char, 36)) for char in account + country + "00")
    return f"{country}{98 - int(number) % 97:02d}{account}"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A card number in one piece."""
    prefix, length = draw(st.sampled_from(ISSUERS))
    body = prefix + draw(digits(length - len(prefix) - 1))
    return body + luhn_digit(body)


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    """A card number as people write it."""
    number = draw(cards())
    style = draw(st.sampled_from(["plain", "groups", "dots", "single"]))
    if style == "plain":
        return number
    if style == "single":
        return draw(st.sampled_from(" -")).join(number)
    separator = "." if style == "dots" else draw(st.sampled_from([" ", "-"]))
    if len(number) in (14, 15):
        return separator.join((number[:4], number[4:10], number[10:]))
    if len(number) < 14 or len(number) == 17:
        return number
    return separator.join(number[at : at + 4] for at in range(0, len(number), 4))


@st.composite
def ssns(draw: st.DrawFn) -> str:
    """An SSN with separators."""
    area = draw(st.integers(1, 899).filter(lambda n: n != 666))
    first, second = draw(st.sampled_from(["--", "  ", "..", "- ", " -"]))
    return f"{area:03d}{first}{draw(st.integers(1, 99)):02d}{second}{draw(st.integers(1, 9999)):04d}"


@st.composite
def emails(draw: st.DrawFn) -> str:
    letters = "abcxyzABC019\u00fc\u0434\u4e2d"
    local = draw(st.text(letters, min_size=1, max_size=10)) + draw(st.sampled_from(["", ".x", "+tag", "_1", "%a"]))
    name = draw(st.text("abcxyz019\u00fc", min_size=1, max_size=10))
    top = draw(st.sampled_from(["com", "de", "co.uk", "xn--p1ai", "COM", "m\u00fcnchen"]))
    return f"{local}@{name}.{top}"


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(sorted(LENGTHS)))
    alphabet = draw(st.sampled_from(["0123456789", "0123456789ABCXYZ"]))
    length = LENGTHS[country] - 4
    number = iban_of(country, draw(st.text(alphabet, min_size=length, max_size=length)))
    separator = draw(st.sampled_from(["", " ", "-"]))
    return separator.join(number[at : at + 4] for at in range(0, len(number), 4))


def samples() -> st.SearchStrategy[str]:
    """Anything that the four detectors find, with words that some of it needs."""
    bare = st.tuples(
        st.sampled_from(["ssn ", "SSN: ", "customerSsn=", "social security\t", "Social\nSecurity: ", "user_ssn "]),
        ssns().map(lambda written: "".join(filter(str.isdigit, written))),
    ).map("".join)
    return st.one_of(written_cards(), ssns(), emails(), ibans(), ibans().map(str.lower), bare)


@st.composite
def escaped(draw: st.DrawFn, text: str) -> str:
    """``text`` as the inside of a JSON string: some characters escaped that need not be."""
    pieces = []
    for char in text:
        if draw(st.integers(0, 5)) == 0:
            units = char.encode("utf-16-be")
            for at in range(0, len(units), 2):
                pieces.append(draw(st.sampled_from([r"\u%04x", r"\u%04X"])) % int.from_bytes(units[at : at + 2], "big"))
        else:
            pieces.append(json.dumps(char, ensure_ascii=False)[1:-1])
    return "".join(pieces)


@st.composite
def surrounded(draw: st.DrawFn) -> bytes:
    """A value with something to find in it, and other things around that."""
    beside = st.one_of(
        st.just(""),
        st.text(" .,:-_@/\\\"'0123456789aeAEn\u00e9", max_size=6),
        st.text(max_size=4),
        samples().map(lambda sample: sample + " "),
    )
    text = draw(beside) + draw(samples()) + draw(beside)
    if draw(st.booleans()):
        text = draw(escaped(text))
    form = draw(st.sampled_from(["%s", '{"a":"%s"}', '{"card": {"b":["%s"]}}', '["x", "%s"]', "x;%s;y"]))
    return form.replace("%s", text).encode(errors="surrogatepass")
