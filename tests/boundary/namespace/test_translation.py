from __future__ import annotations

import pytest

from zoneproxy.boundary.namespace.translation import MAX_STRING, Names, NameTooLong
from zoneproxy.boundary.namespace.walk import GROUP, TOPIC, TRANSACTIONAL_ID
from zoneproxy.policy.namespaces import MAX_TOPIC_LENGTH, Namespace
from zoneproxy.wire.messages.api_keys import ApiKey

OURS = Namespace("ours.")


def names(api: ApiKey = ApiKey.HEARTBEAT) -> Names:
    return Names(OURS, api)


@pytest.mark.parametrize("entity", [TOPIC, GROUP, TRANSACTIONAL_ID])
def test_names_get_the_prefix_and_lose_it(entity: str) -> None:
    of = names()
    assert of.physical(entity, "a") == "ours.a"
    assert of.virtual(entity, "ours.a") == "a"
    assert of.virtual(entity, "theirs.a") is None
    assert of.virtual(entity, "") is None


def test_topics_that_cannot_be_are_replaced_by_others_that_cannot_be() -> None:
    of = names()
    illegal = ["", ".", "..", "a/b", "/0", "x" * 245, "y" * 100_000, "é"]
    physical = [of.physical(TOPIC, name) for name in illegal]
    assert len(set(physical)) == len(illegal)
    assert all(name.startswith("ours./") and len(name) < MAX_TOPIC_LENGTH for name in physical)
    assert [of.virtual(TOPIC, name) for name in physical] == illegal
    assert [of.physical(TOPIC, name) for name in illegal] == physical


def test_groups_may_be_called_anything() -> None:
    of = names()
    for name in ("/", "é/ü", "g" * 300):
        assert of.virtual(GROUP, of.physical(GROUP, name)) == name
        assert of.physical(GROUP, name).startswith("ours.")


def test_an_empty_group_is_left_for_kafka_to_refuse() -> None:
    of = names(ApiKey.JOIN_GROUP)
    assert of.physical(GROUP, "") == ""
    assert of.virtual(GROUP, "") == ""


def test_an_empty_topic_is_not_taken_for_an_empty_group() -> None:
    names = Names(OURS, ApiKey.STREAMS_GROUP_HEARTBEAT)
    assert names.physical(GROUP, "") == ""
    stand_in = names.physical(TOPIC, "")
    assert stand_in.startswith(OURS.prefix)
    assert names.physical(TOPIC, "") == stand_in
    assert names.virtual(TOPIC, stand_in) == ""


def test_an_empty_group_with_offsets_is_the_prefix_alone() -> None:
    of = names(ApiKey.OFFSET_COMMIT)
    assert of.physical(GROUP, "") == "ours."
    assert of.virtual(GROUP, "ours.") == ""


def test_a_name_that_does_not_fit_the_protocol_is_never_sent() -> None:
    longest = "g" * (MAX_STRING - len("ours."))
    assert names(ApiKey.OFFSET_COMMIT).physical(GROUP, longest) == "ours." + longest
    with pytest.raises(NameTooLong):
        names(ApiKey.OFFSET_COMMIT).physical(GROUP, longest + "g")
    with pytest.raises(NameTooLong):
        names(ApiKey.OFFSET_COMMIT).physical(GROUP, "é" * (MAX_STRING // 2))
    of = names(ApiKey.JOIN_GROUP)
    assert of.physical(GROUP, longest + "g") == ""
    assert of.virtual(GROUP, "") == longest + "g"
    assert names(ApiKey.INIT_PRODUCER_ID).physical(TRANSACTIONAL_ID, longest + "g") == ""
