from __future__ import annotations

from zoneproxy.wire.messages.api import EntityField
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.entity_fields import REQUEST_ENTITIES, RESPONSE_ENTITIES
from zoneproxy.wire.messages.message import NEVER_FLEXIBLE, Message
from zoneproxy.wire.messages.registry import APIS, REQUESTS, RESPONSES


def test_every_api_key_has_a_request_and_a_response() -> None:
    assert set(APIS) == set(REQUESTS) == set(RESPONSES) == set(ApiKey)
    for key, api in APIS.items():
        assert (api.request, api.response) == (REQUESTS[key], RESPONSES[key])
        assert api.request.API_KEY == api.response.API_KEY == key
        assert (api.min_version, api.max_version) == (api.response.MIN_VERSION, api.response.MAX_VERSION)
        assert api.request.FLEXIBLE_FROM == api.response.FLEXIBLE_FROM
        assert "broker" in api.listeners


def test_versions_that_may_still_change_are_not_stable() -> None:
    unstable = {ApiKey(key).name: api for key, api in APIS.items() if api.latest_version_unstable}
    assert set(unstable) == {"INIT_PRODUCER_ID"}
    assert (unstable["INIT_PRODUCER_ID"].max_version, unstable["INIT_PRODUCER_ID"].max_stable_version) == (6, 5)
    assert APIS[ApiKey.PRODUCE].max_stable_version == APIS[ApiKey.PRODUCE].max_version == 13


def test_apis_between_brokers_and_controllers_are_not_known() -> None:
    assert not {4, 5, 6, 7, 52, 53, 54, 56, 58, 59, 62, 63, 67, 70, 73, 82} & set(APIS)


def test_some_messages_never_have_tags() -> None:
    assert APIS[ApiKey.SASL_HANDSHAKE].request.FLEXIBLE_FROM == NEVER_FLEXIBLE


def test_entities_are_found_where_kafka_says() -> None:
    assert REQUEST_ENTITIES[ApiKey.PRODUCE] == (
        EntityField("transactionalId", ("transactional_id",), 3, 13),
        EntityField("topicName", ("topic_data", "name"), 3, 12),
    )
    assert EntityField("groupId", ("groups", "group_id"), 8, 10) in RESPONSE_ENTITIES[ApiKey.OFFSET_FETCH]


def test_paths_to_entities_are_attributes() -> None:
    for table, messages in ((REQUEST_ENTITIES, REQUESTS), (RESPONSE_ENTITIES, RESPONSES)):
        for key, fields in table.items():
            for field in fields:
                assert hasattr(_new(messages[key]), field.path[0]), field
                assert messages[key].MIN_VERSION <= field.min_version <= field.max_version, field


def _new(kind: type[Message]) -> Message:
    return kind()
