"""What somebody tries to get across: one value of each kind, with a shape that anybody would recognise."""

from __future__ import annotations

import base64


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


CANARIES = {
    "PAYMENT_CARD": "4111111111111111",
    "IBAN": "DE89370400440532013000",
    "EMAIL": "jane.roe@example.com",
    "AWS_ACCESS_KEY": "AKIA" + "Q3EGWJXK7MPTZ5RN",
    "JWT": ".".join((_part(b'{"alg":"HS256","typ":"JWT"}'), _part(b'{"sub":"4711"}'), _part(bytes(range(32))))),
}
TYPES = tuple(CANARIES)
