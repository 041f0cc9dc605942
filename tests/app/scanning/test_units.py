from __future__ import annotations

from zoneproxy.app.scanning.units import Part, Unit


def test_a_part_is_called_nothing_by_default() -> None:
    unit = Unit(lambda part, offset: f"{part.place}:{offset}", [Part("value", b"x")], 1)
    assert unit.parts[0].name == b""
    assert unit.where(unit.parts[0], 7) == "value:7"
