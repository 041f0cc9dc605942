from __future__ import annotations

from zoneproxy.boundary.namespace.special import NOTHING, Special


def test_what_is_done_by_hand_counts_as_an_edit_unless_it_says_otherwise() -> None:
    assert Special().edited
    assert not NOTHING.edited
    assert (NOTHING.before, NOTHING.after) == (None, None)
