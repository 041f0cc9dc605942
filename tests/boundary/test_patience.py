from __future__ import annotations

import pytest

from zoneproxy.boundary.patience import A_BATCH, LEAST, MOST_BYTES, MOST_STOPS, Later, Patience


def test_batches_count_though_they_hold_nothing():
    patience = Patience()
    for _ in range(MOST_BYTES // A_BATCH):
        patience.with_batch()
    with pytest.raises(Later):
        patience.with_batch()


def test_suspects_count_for_their_bytes_and_short_ones_for_more():
    patience = Patience()
    patience.with_suspect(MOST_BYTES - LEAST)
    patience.with_suspect(1)
    with pytest.raises(Later):
        patience.with_suspect(1)


def test_stops_are_those_of_all_batches():
    patience = Patience()
    for _ in range(MOST_STOPS):
        patience.stops.one_more()
    with pytest.raises(Later):
        patience.stops.one_more()
