from __future__ import annotations

import pytest

from tests.boundary.kit import Upstream, topic_id
from tests.boundary.rights import HIDDEN, asks
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.groups.offset_topics import by_id, key, refusal
from zoneproxy.boundary.interceptor import LookUp
from zoneproxy.policy.model import Operation
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_commit_request import OffsetCommitRequestTopic


def named(name: str, version: int) -> OffsetCommitRequestTopic:
    return OffsetCommitRequestTopic(name=name) if version < 10 else OffsetCommitRequestTopic(topic_id=topic_id(name))


@pytest.mark.parametrize("version", [9, 10])
def test_topics_are_named_by_id_from_version_10_on(version: int) -> None:
    ctx = asks("member", ApiKey.OFFSET_COMMIT, version)
    ids = frozenset(map(topic_id, ("open.a", "seen.a", HIDDEN)))
    Upstream("open.a", "seen.a", HIDDEN).look_up(LookUp(ids=ids), ctx.session.cluster)

    assert by_id(ctx) == (version == 10)
    assert key(named("open.a", version), ctx) == ("open.a" if version == 9 else topic_id("open.a"))
    assert refusal(named("open.a", version), Operation.READ, ctx) is None
    assert refusal(named("seen.a", version), Operation.DESCRIBE, ctx) is None
    assert refusal(named("seen.a", version), Operation.READ, ctx) == 29
    assert refusal(named(HIDDEN, version), Operation.DESCRIBE, ctx) == 29


@pytest.mark.parametrize("id_", [topic_id("gone"), ZERO_UUID])
def test_an_id_without_a_name_is_unknown(id_: bytes) -> None:
    ctx = asks("operator", ApiKey.OFFSET_FETCH, 10)
    assert refusal(OffsetCommitRequestTopic(topic_id=id_), Operation.DESCRIBE, ctx) == 100
    assert ctx.facts == [Denied("OFFSET_FETCH", "DESCRIBE", "topic", "", 100, "unknown_topic_id")]
