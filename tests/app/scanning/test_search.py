from __future__ import annotations

from tests.app.scanning.kit import CARD_LINE, MAIL_LINE, SCANNER
from tests.detect.samples import CARD
from zoneproxy.app.scanning.search import UNSCANNABLE, Found, search
from zoneproxy.app.scanning.units import Part, Unit
from zoneproxy.detect.detector import Finding
from zoneproxy.errors import ProtocolError


def unit(*parts: Part) -> Unit:
    return Unit(lambda part, offset: f"{part.place}:{offset}", list(parts), 0)


class Weak:
    """Looks at short texts only."""

    def __init__(self, most: int) -> None:
        self._most = most

    def scan(self, value: bytes, name: bytes = b"") -> list[Finding]:
        if len(value) > self._most:
            raise ProtocolError("dense")
        return SCANNER.scan(value, name)


def test_findings_have_a_place_and_no_value() -> None:
    found = list(search(unit(Part("value", CARD_LINE), Part("key", MAIL_LINE)), SCANNER, 0.5))
    assert found == [
        Found("PAYMENT_CARD", 0.95, "value:5", "value", 5, 5 + len(CARD)),
        Found("EMAIL", 1.0, "key:5", "key", 5, len(MAIL_LINE) - 1),
    ]


def test_only_what_is_sure_enough_is_told() -> None:
    assert [one.type for one in search(unit(Part("value", CARD_LINE + MAIL_LINE)), SCANNER, 0.97)] == ["EMAIL"]


def test_too_much_at_once_is_looked_at_in_halves() -> None:
    text = b"".join(b"%04d " % n + (CARD_LINE if n % 50 == 7 else b"....\n") for n in range(400))
    found = list(search(unit(Part("value", text)), Weak(600), 0.5))
    assert [(one.start, one.end) for one in found] == [(f.start, f.end) for f in SCANNER.scan(text)]


def test_what_cannot_be_looked_through_is_said() -> None:
    found = list(search(unit(Part("value", b"x" * 500)), Weak(10), 0.5))
    assert {one.type for one in found} == {UNSCANNABLE}
