from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.namespaces import Namespace, overlap, reserved_behind

PAY = Namespace("pay.")


@given(st.text())
def test_there_and_back(name: str) -> None:
    assert PAY.virtual(PAY.physical(name)) == name


@pytest.mark.parametrize("name", ["", "pay", "pay-eu.orders", "PAY.orders", "orders", "apay.orders"])
def test_names_of_others_are_none(name: str) -> None:
    assert PAY.virtual(name) is None


@pytest.mark.parametrize("name", ["a", "a.b_c-D9", "x" * 245])
def test_topics_that_can_be(name: str) -> None:
    assert PAY.has_room_for(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "é", "a\n", "x" * 246, "x" * 100_000])
def test_topics_that_cannot_be(name: str) -> None:
    assert not PAY.has_room_for(name)


@pytest.mark.parametrize(("one", "other"), [("pay.", "pay.eu."), ("a.", "a_"), ("a", "a."), ("a_b.", "a."), ("x", "x")])
def test_prefixes_that_could_meet(one: str, other: str) -> None:
    assert overlap(one, other)
    assert overlap(other, one)


def test_prefixes_that_cannot_meet() -> None:
    assert not overlap("pay.", "pays.")
    assert not overlap("a-", "a.")


@given(
    st.text(st.sampled_from("a._-"), min_size=1, max_size=4), st.text(st.sampled_from("a._-"), min_size=1, max_size=4)
)
def test_prefixes_that_do_not_overlap_share_no_name_even_for_kafka(one: str, other: str) -> None:
    alike = any(
        (one + rest).replace(".", "_") == (other + more).replace(".", "_")
        for rest in ("", "a", ".", "_a", "a_", "__", "-", "aa")
        for more in ("", "a", ".", "_a", "a_", "__", "-", "aa")
    )
    assert overlap(one, other) or not alike


def test_reserved_topics_are_found_behind_a_prefix() -> None:
    reserved = {"__consumer_offsets", "__transaction_state"}
    assert list(reserved_behind("__c", reserved)) == ["__consumer_offsets"]
    assert list(reserved_behind("_.", reserved)) == sorted(reserved)
    assert list(reserved_behind("pay.", reserved)) == []
