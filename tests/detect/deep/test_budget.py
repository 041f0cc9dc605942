from __future__ import annotations

import pytest

from zoneproxy.detect.deep.budget import AGAIN, FREE_BYTES, MAX_BYTES, MAX_STREAMS, MAX_VIEWS, RATIO, Budget
from zoneproxy.errors import ProtocolError


def test_the_longer_a_value_the_more_may_be_decoded_up_to_a_bound():
    assert Budget(0).left == FREE_BYTES
    assert Budget(10).left == FREE_BYTES + 10 * RATIO
    assert Budget(1 << 40).left == MAX_BYTES


def test_bytes_are_spent():
    budget = Budget(0)
    budget.spend(FREE_BYTES)
    with pytest.raises(ProtocolError, match="budget"):
        budget.spend(1)


def test_views_are_counted_and_their_bytes_spent():
    budget = Budget(0)
    for _ in range(MAX_VIEWS):
        budget.view(1)
    assert budget.left == FREE_BYTES - MAX_VIEWS
    with pytest.raises(ProtocolError, match="budget"):
        budget.view(1)
    with pytest.raises(ProtocolError, match="budget"):
        Budget(0).view(FREE_BYTES + 1)


def test_places_that_look_compressed_are_counted():
    budget = Budget(0)
    for _ in range(MAX_STREAMS):
        budget.stream()
    with pytest.raises(ProtocolError, match="budget"):
        budget.stream()


def test_what_is_inflated_is_counted_by_itself():
    budget = Budget(0)
    budget.inflate(AGAIN * FREE_BYTES)
    assert budget.left == FREE_BYTES
    with pytest.raises(ProtocolError, match="budget"):
        budget.inflate(1)
