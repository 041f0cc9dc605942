"""A card number as each format can hold it so that the bytes by themselves do not show it."""

from __future__ import annotations

from tests.detect.samples import CARD
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import packed

MASKED = "*" * 12 + CARD[-4:]
NUMBER = int(CARD)
SPLIT_BY_ENTITIES = "".join(f"&#{ord(digit)};" for digit in CARD)
ESCAPED = "".join(f"%{ord(digit):02X}" for digit in CARD)
# What a stream of bytes does not show, and what a reader of the format sees: before and after the card is masked.
HIDDEN_IN = {
    "json": (f'{{"n": {CARD[0]}.{CARD[1:]}e15, "x": 1}}'.encode(), f'{{"n": "{MASKED}", "x": 1}}'.encode()),
    "ndjson": (f'{{"n": {CARD}00e-2}}\n{{"x": 1}}\n'.encode(), f'{{"n": "{MASKED}"}}\n{{"x": 1}}\n'.encode()),
    "csv": (f'a,"x ""{CARD}""",2\r\n'.encode(), f'a,"x ""{MASKED}""",2\r\n'.encode()),
    "xml": (f"<r><n>{SPLIT_BY_ENTITIES}</n>&#49;</r>".encode(), f"<r><n>{MASKED}</n>&#49;</r>".encode()),
    "form": (f"n={ESCAPED}&m=%31".encode(), f"n={MASKED}&m=%31".encode()),
    "msgpack": (packed({"n": NUMBER, "x": 1}), packed({"n": MASKED, "x": 1})),
    "cbor": (encoded({"n": NUMBER, "x": 1}), encoded({"n": MASKED, "x": 1})),
    "auto": (packed({"n": NUMBER, "x": [1]}), packed({"n": MASKED, "x": [1]})),
}
CLEAN_IN = {
    "json": b'{"n": 1}',
    "ndjson": b'{"n": 1}\n{}',
    "csv": b"a,1\n",
    "xml": b"<r>1</r>",
    "form": b"n=1",
    "msgpack": packed({"n": 1}),
    "cbor": encoded({"n": 1}),
    "auto": b"just text",
}
