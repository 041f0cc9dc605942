"""Canaries: values that no other bytes happen to hold, to be searched for wherever they must not have come."""

from __future__ import annotations

import base64
import random
import string
from typing import TYPE_CHECKING

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WINDOW = 8  # bytes from the middle of a form, by which it is looked for first
LIMITS = DecompressionLimits()


def canaries(count: int, seed: int = 4711) -> list[str]:
    """As many, of all kinds in turn: card numbers, IBANs, e-mail addresses, access keys, tokens."""
    chance = random.Random(seed)  # the same ones in every run
    kinds = (_card, _iban, _email, _access_key, _token)
    return [kinds[number % len(kinds)](chance) for number in range(count)]


def _card(chance: random.Random) -> str:
    digits = "4" + "".join(chance.choices(string.digits, k=14))
    doubled = [int(d) * 2 if place % 2 == 0 else int(d) for place, d in enumerate(digits)]
    return digits + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def _iban(chance: random.Random) -> str:
    account = "".join(chance.choices(string.digits, k=18))
    check = 98 - int(account + "131400") % 97  # DE00 as digits
    return f"DE{check:02d}{account}"


def _email(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=12)) + "@" + "mail-acme.com"


def _access_key(chance: random.Random) -> str:
    return "AK" + "IA" + "".join(chance.choices(string.ascii_uppercase + "234567", k=16))


def _token(chance: random.Random) -> str:
    parts = ('{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{chance.getrandbits(48):012x}"}}', str(chance.getrandbits(200)))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def forms(canary: str) -> Iterator[bytes]:
    """How a canary may stand somewhere: as it is, and as common encodings have it."""
    plain = canary.encode()
    yield plain
    yield plain[::-1]
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield canary.encode("utf-16-le")
    yield canary.encode("utf-16-be")
    for before in range(3):  # wherever in a longer text it was encoded
        encoded = base64.b64encode(bytes(before) + plain)
        yield encoded[4 if before else 0 : len(encoded) - 4]
    yield "".join(f"\\u{ord(char):04x}" for char in canary).encode()
    if canary.isdigit():
        for apart in (" ", "-", "."):
            yield apart.join(canary[at : at + 4] for at in range(0, len(canary), 4)).encode()


def found_in(texts: Iterable[bytes], wanted: Iterable[str]) -> set[str]:
    """Those of ``wanted`` that stand in any of ``texts``, in whatever form."""
    named: dict[bytes, list[tuple[bytes, str]]] = {}
    for canary in wanted:
        for form in forms(canary):
            middle = len(form) // 2 - WINDOW // 2
            named.setdefault(form[middle : middle + WINDOW], []).append((form, canary))
    found = set()
    for text in texts:
        seen = {text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)}
        suspects = [suspect for window in seen & named.keys() for suspect in named[window]]
        found |= {canary for form, canary in suspects if form in text}
    return found


def all_that_is_stored(data: Path) -> Iterator[bytes]:
    """Every file below a node's folder, as it is; and of segments what their batches hold, decompressed."""
    for file in sorted(data.rglob("*")):
        if not file.is_file():
            continue
        raw = file.read_bytes()
        yield raw.rstrip(b"\0")  # indexes are made with room for more
        if file.suffix == ".log":
            yield from _opened(raw)


def _opened(segment: bytes) -> Iterator[bytes]:
    try:
        entries = walk(segment)
    except ProtocolError:  # not of record batches: a snapshot of the controller, say
        return
    for entry in entries:
        if isinstance(entry, Whole):
            yield bytes(open_batch(entry.view, entry.header, LIMITS))
