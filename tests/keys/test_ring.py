from __future__ import annotations

from zoneproxy.keys.ring import KeyRing

RING = KeyRing({"analytics": b"k" * 40, "audit": b"q" * 40})


def test_gives_keys_by_name() -> None:
    assert RING["analytics"] == b"k" * 40
    assert dict(RING) == {"analytics": b"k" * 40, "audit": b"q" * 40}
    assert len(RING) == 2
    assert "nobody" not in RING


def test_shows_names_and_never_keys() -> None:
    for shown in (repr(RING), str(RING), f"{RING!r}", repr([RING])):
        assert "analytics" in shown
        assert "kkkk" not in shown
        assert "qqqq" not in shown


def test_later_changes_of_the_mapping_it_was_made_from_do_not_matter() -> None:
    source = {"a": b"x"}
    ring = KeyRing(source)
    source["a"] = b"y"
    assert ring["a"] == b"x"


def test_an_id_tells_keys_apart_and_nothing_else() -> None:
    other = KeyRing({"analytics": b"q" * 40, "audit": b"q" * 40})
    assert RING.id_of("audit") == other.id_of("audit") == other.id_of("analytics") != RING.id_of("analytics")
    assert len(RING.id_of("audit")) == 16
    assert RING.id_of("audit") not in "q" * 40
