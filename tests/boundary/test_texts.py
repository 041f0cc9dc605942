from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from tests.boundary.kit import UPSTREAM_HOST, context, through_the_wire
from zoneproxy.boundary.interceptor import Forward
from zoneproxy.boundary.texts import TextsInterceptor, default_texts
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.entity_fields import RESPONSE_TEXTS
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse
from zoneproxy.wire.messages.produce_response import (
    BatchIndexAndErrorMessage,
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.messages.registry import APIS, RESPONSES
from zoneproxy.wire.messages.share_fetch_response import (
    PartitionData as ShareFetchPartition,
)
from zoneproxy.wire.messages.share_fetch_response import (
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)
from zoneproxy.wire.messages.struct import Struct

TEXT = f"ask {UPSTREAM_HOST}"
ERROR = ErrorCode.NOT_LEADER_OR_FOLLOWER
EVERYWHERE = [
    (key, version) for key in RESPONSE_TEXTS for version in range(APIS[key].min_version, APIS[key].max_version + 1)
]


def spoken(key: int, version: int, error: int) -> Any:
    """A response with a text, and the error, wherever the version has one."""
    response: Any = RESPONSES[key]()
    for field in RESPONSE_TEXTS[key]:
        if field.min_version <= version <= field.max_version:
            place = response
            for step in field.path[:-1]:
                if not getattr(place, step):
                    setattr(place, step, [element_of(type(place), step)()])
                (place,) = getattr(place, step)
            setattr(place, field.path[-1], TEXT)
            if hasattr(place, "error_code"):
                place.error_code = error
    return response


def element_of(kind: type[Any], name: str) -> Any:
    """The class of the structs in a list, None if it is a list of something else."""
    hint = get_type_hints(kind.__init__)[name]
    found = [one for one in walk(hint) if isinstance(one, type) and issubclass(one, Struct)]
    return found[0] if found else None


def walk(hint: Any) -> list[Any]:
    return [hint, *(inner for argument in getattr(hint, "__args__", ()) for inner in walk(argument))]


def texts_of(kind: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all fields that look like words about an error."""
    for name in kind.__slots__:
        if "message" in name:
            yield (*way, name)
        inner = element_of(kind, name) if name != "unknown_tags" else None
        if inner is not None:
            yield from texts_of(inner, (*way, name))


def rewritten(key: int, version: int, response: Any) -> Any:
    ctx = context("clerk", ApiKey(key), version, zone="analytics")
    message = through_the_wire(response, ctx)
    default_texts(message, ctx)
    return message


def wire(key: int, version: int, response: Any) -> bytes:
    return bytes(encode_response(1, key, version, response))


@pytest.mark.parametrize(("key", "version"), EVERYWHERE)
@pytest.mark.parametrize("error", [ErrorCode.NONE, ERROR])
def test_no_text_gets_through_anywhere(key: int, version: int, error: int) -> None:
    """And what remains can be written down."""
    response = spoken(key, version, error)
    assert (UPSTREAM_HOST.encode() in wire(key, version, response)) == (response != RESPONSES[key]())

    assert UPSTREAM_HOST.encode() not in wire(key, version, rewritten(key, version, response))


@pytest.mark.parametrize("key", sorted(RESPONSES))
def test_every_text_is_known(key: int) -> None:
    assert {field.path for field in RESPONSE_TEXTS.get(key, ())} == set(texts_of(RESPONSES[key]))


@pytest.mark.parametrize("version", [8, 13])
def test_texts_for_another_zone_are_kafkas_own(version: int) -> None:
    broken = PartitionProduceResponse(
        error_code=ERROR,
        error_message=TEXT,
        record_errors=[BatchIndexAndErrorMessage(batch_index=3, batch_index_error_message=TEXT)],
    )
    topic = TopicProduceResponse(partition_responses=[broken, PartitionProduceResponse(index=1)])
    message = rewritten(ApiKey.PRODUCE, version, ProduceResponse(responses=[topic]))

    partition, untouched = message.responses[0].partition_responses
    assert (partition.error_code, partition.error_message) == (ERROR, DEFAULT_MESSAGES[ERROR])
    assert [(e.batch_index, e.batch_index_error_message) for e in partition.record_errors] == [(3, None)]
    assert untouched.error_message is None


def test_each_text_goes_by_the_error_beside_it() -> None:
    partition = ShareFetchPartition(error_message=TEXT, acknowledge_error_code=ERROR, acknowledge_error_message=TEXT)
    response = ShareFetchResponse(responses=[ShareFetchableTopicResponse(partitions=[partition])])
    (partition,) = rewritten(ApiKey.SHARE_FETCH, 1, response).responses[0].partitions

    assert (partition.error_message, partition.acknowledge_error_message) == (None, DEFAULT_MESSAGES[ERROR])


def test_an_error_that_we_do_not_know_has_no_text() -> None:
    response = FindCoordinatorResponse(error_code=12_345, error_message=TEXT)

    assert rewritten(ApiKey.FIND_COORDINATOR, 3, response).error_message == ""


def test_what_has_no_texts_is_not_edited() -> None:
    ctx = context("clerk", ApiKey.FIND_COORDINATOR, 6, zone="analytics")

    assert not default_texts(FindCoordinatorResponse(coordinators=[Coordinator(error_message=None)]), ctx)
    assert default_texts(FindCoordinatorResponse(coordinators=[Coordinator(error_message=TEXT)]), ctx)


def test_texts_within_a_zone_stay() -> None:
    interceptor = TextsInterceptor()
    within = interceptor.request(ProduceResponse(), context("clerk", ApiKey.PRODUCE, 12))
    across = interceptor.request(ProduceResponse(), context("clerk", ApiKey.PRODUCE, 12, zone="analytics"))

    assert within == Forward()
    assert across == Forward(default_texts)
