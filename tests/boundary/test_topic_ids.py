from __future__ import annotations

import pytest

from tests.boundary.kit import NOW, context, metadata, topic_id
from zoneproxy.boundary.interceptor import LookUp
from zoneproxy.boundary.topic_ids import check_id, name_of, unknown
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey


def test_only_what_is_not_known_is_looked_up_all_at_once() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    ctx.session.cluster.learn_metadata(metadata(["known"]), NOW)
    ids = [topic_id("known"), topic_id("one"), topic_id("two"), bytes(16)]

    assert unknown(ids, ctx) == (LookUp(ids=frozenset({topic_id("one"), topic_id("two")})),)
    assert unknown(ids[:1], ctx) == ()


def test_names_are_empty_where_there_are_none() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    ctx.session.cluster.learn_metadata(metadata(["known"]), NOW)

    assert name_of(topic_id("known"), ctx) == "known"
    assert name_of(topic_id("other"), ctx) == ""


@pytest.mark.parametrize(
    ("error", "forgotten"),
    [
        (ErrorCode.UNKNOWN_TOPIC_ID, True),
        (ErrorCode.INCONSISTENT_TOPIC_ID, True),
        (ErrorCode.NOT_LEADER_OR_FOLLOWER, False),
    ],
)
def test_only_errors_about_ids_make_an_id_forgotten(error: ErrorCode, forgotten: bool) -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    ctx.session.cluster.learn_metadata(metadata(["known"]), NOW)
    check_id(topic_id("known"), error, ctx)

    assert (unknown([topic_id("known")], ctx) != ()) is forgotten
