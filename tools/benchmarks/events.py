"""Records to measure detection with: JSON of 525 bytes, as services exchange them.

Orders, page views, movements of stock and log lines, with what looks like something and is not: ids in hexadecimal,
UUIDs, milliseconds, dates, decimals of full length in one of fifty records, sixteen digits of a reference in one of
fourteen. ``dirty`` puts values that are found into a share of them: a card number, an address, a phone number.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

from zoneproxy.detect.check_digits import luhn
from zoneproxy.wire.batch import BatchHeader, build_batch
from zoneproxy.wire.record import Record, write_records

RECORD_BYTES = 525
BATCH = 500  # records
_TEXT = (
    "time year people way day man thing life world school state family student group country problem place week company"
    " system program question work number night point home water room area money story fact month lot study book job"
    " business issue side kind head house service power hour game line member city team minute idea body information"
    " level office door history party result change morning reason research moment air force education shipped"
    " ordered returned express standard gold silver premium blue red green medium large small cotton leather wooden"
    " kitchen garden winter summer sale discount delivery warehouse carrier basket coupon campaign segment variant"
)
_WORDS = _TEXT.split()


def records(count: int, dirty: float = 0.0, seed: int = 7) -> list[bytes]:
    """``count`` different values; ``dirty``: in which share of them there is something to be found."""
    draw = random.Random(seed)
    with_findings = set(draw.sample(range(count), round(count * dirty)))
    return [_record(draw, number, number in with_findings) for number in range(count)]


def batches(values: Sequence[bytes], codec: int = 0, size: int = BATCH) -> Iterator[bytes]:
    """As a producer writes them."""
    for begin in range(0, len(values), size):
        some = values[begin : begin + size]
        payload = write_records(Record(0, at, at, None, value) for at, value in enumerate(some))
        header = BatchHeader(0, 0, -1, 2, 0, codec, len(some) - 1, 0, 0, 7, 1, 0, len(some))
        yield build_batch(header, payload, len(some))


def _record(draw: random.Random, number: int, dirty: bool) -> bytes:
    event: dict[str, object] = {
        "eventId": _uuid(draw),
        "time": 1_790_000_000_000 + number * 37,
        "source": draw.choice(["web", "app", "partner", "batch"]),
        "region": draw.choice(["eu-west-1", "us-east-1", "ap-south-1"]),
        **draw.choice((_order, _view, _movement, _log))(draw),
    }
    if draw.random() < 1 / 14:
        event["reference"] = str(draw.randrange(10**15, 10**16))
    if dirty:
        event.update(draw.choice((_card, _person, _both))(draw))
    event["note"] = ""
    room = max(0, RECORD_BYTES - len(_written(event)))
    note = ""
    while len(note) < room:
        note += draw.choice(_WORDS) + " "
    event["note"] = note[:room]
    return _written(event)


def _written(event: dict[str, object]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def _uuid(draw: random.Random) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _text(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(_WORDS, k=count))


def _order(draw: random.Random) -> dict[str, object]:
    lines = [
        {
            "sku": f"{draw.choice(['SHOE', 'COAT', 'LAMP', 'TABLE'])}-{draw.randrange(10**5):05d}",
            "quantity": draw.randint(1, 9),
            "price": draw.randrange(10**5) / 100,
            "title": _text(draw, 3),
        }
        for _ in range(3)
    ]
    number, total = draw.randrange(10**7, 10**9), draw.randrange(10**6) / 100
    return {"type": "order.created", "orderNumber": number, "currency": "EUR", "total": total, "lines": lines}


def _view(draw: random.Random) -> dict[str, object]:
    return {
        "type": "page.viewed",
        "session": f"{draw.getrandbits(128):032x}",
        "path": f"/catalogue/{draw.choice(_WORDS)}/{draw.choice(_WORDS)}?page={draw.randint(1, 40)}",
        "browser": f"Firefox {draw.randint(90, 130)}.0",
        "durationMs": draw.randrange(10**5),
        "experiment": {"name": _text(draw, 2), "variant": draw.choice("ABC")},
    }


def _movement(draw: random.Random) -> dict[str, object]:
    share = draw.random()
    day = f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    return {
        "type": "stock.moved",
        "at": f"{day}T{draw.randrange(24):02d}:16:13.{draw.randrange(1000):03d}Z",
        "warehouse": draw.choice(["BER-2", "AMS-1", "LYS-3"]),
        "temperature": round(draw.uniform(-5, 30), 2),
        "share": share if draw.random() < 1 / 12 else round(share, 4),
        "moves": [
            {"bin": f"A{draw.randrange(40):02d}-{draw.randrange(40):02d}", "delta": draw.randint(-20, 20)}
            for _ in range(4)
        ],
    }


def _log(draw: random.Random) -> dict[str, object]:
    return {
        "type": "service.log",
        "level": draw.choice(["INFO", "WARN", "ERROR"]),
        "logger": f"com.example.{draw.choice(_WORDS)}.{draw.choice(_WORDS).title()}Service",
        "trace": f"{draw.getrandbits(128):032x}",
        "span": f"{draw.getrandbits(64):016x}",
        "version": f"{draw.randint(1, 9)}.{draw.randrange(40)}.{draw.randrange(99)}",
    }


def _card(draw: random.Random) -> dict[str, object]:
    body = f"4{draw.randrange(10**14):014d}"
    digit = next(str(digit) for digit in range(10) if luhn(f"{body}{digit}".encode()))
    return {"card": {"number": body + digit, "brand": "visa"}}


def _person(draw: random.Random) -> dict[str, object]:
    phone = f"+49 151 {draw.randrange(10**7, 10**8)}"
    return {"customer": {"email": f"{draw.choice(_WORDS)}.{draw.choice(_WORDS)}@example.com", "phone": phone}}


def _both(draw: random.Random) -> dict[str, object]:
    return {**_card(draw), **_person(draw)}
