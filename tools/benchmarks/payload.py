"""Records to measure with: JSON of 1 KiB that look like events of a shop, and hold nothing that is looked for."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RECORD_BYTES = 1024
ROWS = 2000


def write_payload(path: Path, seed: int = 1) -> Path:
    """A file of different records, one a line: what ProducerPerformance draws from."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(3, 10))) for _ in range(3000)]
    with path.open("w") as out:
        for number in range(ROWS):
            out.write(_record(draw, words, number) + "\n")
    return path


def _record(draw: random.Random, words: list[str], number: int) -> str:
    """Ids in hexadecimal, amounts, times in milliseconds, names and free text; exactly RECORD_BYTES long."""
    event = {
        "id": f"{draw.getrandbits(128):032x}",
        "time": 1_790_000_000_000 + number,
        "customer": {"name": " ".join(draw.choices(words, k=2)), "segment": draw.choice(words)},
        "amount": draw.randrange(10**6) / 100,
        "items": [
            {"sku": f"{draw.getrandbits(40):010x}", "count": draw.randint(1, 9), "price": draw.randrange(10**4) / 100}
            for _ in range(4)
        ],
        "note": "",
    }
    room = RECORD_BYTES - len(json.dumps(event))
    note = ""
    while len(note) < room:
        note += draw.choice(words) + " "
    event["note"] = note[:room]
    return json.dumps(event)
