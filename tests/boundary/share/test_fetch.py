from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.share.kit import DENIED, TOPICS, UNKNOWN_ID, ZONES, ShareBroker, Through, asking, codes, policy
from tests.boundary.share.kit import topic_id as id_of
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.share import sessions
from zoneproxy.boundary.share.sessions import each, forgotten
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.share_fetch_request import ForgottenTopic

REFUSED = (DENIED, 0, b"")
QUIET = (0, 0, b"")


def opened(*may: str, names: tuple[str, ...] = ("a", "b"), **more: Any) -> Through:
    through = Through(ShareBroker(), policy(*may, **more))
    assert through(asking(*names)).error_code == 0
    return through


def sent(through: Through) -> tuple[list[str], list[str]]:
    """Topics that were named, and topics that were forgotten."""
    named = [id_.rstrip(b"#").decode() for (id_, _), _ in each(through.sent)]
    return named, [id_.rstrip(b"#").decode() for id_, _ in forgotten(through.sent)]


def test_the_group_must_be_readable() -> None:
    through = Through(ShareBroker(), policy("a"))
    response = through(asking("a", group="other"))

    assert through.sent is None
    assert response.error_code == ErrorCode.GROUP_AUTHORIZATION_FAILED
    assert through.told == [
        Denied("SHARE_FETCH", "READ", "group", "other", ErrorCode.GROUP_AUTHORIZATION_FAILED, "acl")
    ]


@pytest.mark.parametrize("version", [1, 2])
def test_what_may_be_read_goes_on_as_it_is(version: int) -> None:
    through = Through(ShareBroker(), policy("a", "b"))

    assert codes(through(asking("a", "b"), version)) == {"a": QUIET, "b": QUIET}
    assert not through.edited
    through.broker.waiting["a"] = 1
    assert codes(through(asking(epoch=1), version))["a"][2]
    assert not through.edited
    through(asking("a", epoch=2, acknowledge=("a",)), version)
    assert not through.edited


def test_what_may_not_be_read_is_refused_in_every_reply_and_not_acquired() -> None:
    through = opened("a")
    through.broker.waiting["b"] = 1
    for epoch in (1, 2):
        assert codes(through(asking(epoch=epoch))) == {"b": REFUSED}
    assert through.broker.waiting["b"] == 1
    assert [fact.why for fact in through.told if isinstance(fact, Denied)] == ["acl"]


def test_a_right_that_is_revoked_and_granted_again() -> None:
    through = opened("a", "b")
    through.broker.waiting["b"] = 2
    through.policy = policy("a")
    assert codes(through(asking(epoch=1))) == {"b": REFUSED}
    assert sent(through) == ([], ["b"])
    assert through.broker.waiting["b"] == 2
    through.policy = policy("a", "b")
    assert codes(through(asking(epoch=2)))["b"][2]
    assert sent(through) == (["b"], [])
    through(asking(epoch=3))
    assert not through.edited


def test_with_nothing_left_the_session_stays_at_the_broker() -> None:
    through = opened("a", "b")
    through.policy = policy()
    assert codes(through(asking(epoch=1))) == {"a": REFUSED, "b": REFUSED}
    through.policy = policy("a", "b")
    assert codes(through(asking(epoch=2))) == {}
    assert sent(through) == (["a", "b"], [])


def test_a_session_may_open_with_nothing_that_may_be_read() -> None:
    through = opened(names=("a",))
    through.policy = policy("a")
    assert codes(through(asking(epoch=1))) == {}
    assert sent(through) == (["a"], [])


# --- acknowledgements ---


def test_acknowledgements_take_the_right_to_read() -> None:
    through = opened("a")
    response = through(asking("a", "b", epoch=1, acknowledge=("a", "b")))

    assert codes(response) == {"a": QUIET, "b": (DENIED, DENIED, b"")}
    assert sent(through) == (["a"], [])


def test_an_acknowledgement_of_what_is_left() -> None:
    through = opened("a")
    response = through(asking("b", epoch=1, acknowledge=("b",), forget=("b",)))

    assert codes(response) == {"b": (0, DENIED, b"")}
    through(asking("a", epoch=2, acknowledge=("a",), forget=("a",)))
    assert sent(through) == (["a"], ["a"])
    assert not through.edited


@pytest.mark.parametrize("forget", [("a",), ()])
def test_nothing_can_be_acknowledged_with_the_first_fetch(forget: tuple[str, ...]) -> None:
    through = Through(ShareBroker(), policy("a"))

    assert through(asking("a", acknowledge=("a",), forget=forget)).error_code == ErrorCode.INVALID_REQUEST
    assert through.sent is None


def test_the_last_request_acknowledges_and_ends_the_session() -> None:
    through = opened("a")
    response = through(asking("b", epoch=-1, acknowledge=("a", "b")))

    assert codes(response) == {"a": QUIET, "b": (0, DENIED, b"")}
    assert sent(through) == (["a"], [])
    assert through(asking(epoch=1)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through.broker.sessions == {}


# --- sessions that there are not ---


def test_other_members_connections_and_epochs() -> None:
    through = opened("a")
    again = Through(through.broker, policy("a"))

    assert again(asking(epoch=1)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert again(asking(epoch=-1)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through(asking(epoch=1, member="B" * 22)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through(asking(epoch=7)).error_code == ErrorCode.INVALID_SHARE_SESSION_EPOCH
    assert through.sent is None
    assert codes(through(asking(epoch=1))) == {"b": REFUSED}


def test_an_error_of_the_broker_ends_the_session() -> None:
    through = opened("a")
    through.broker.sessions.clear()

    assert through(asking(epoch=1)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through.sent is not None
    assert through(asking(epoch=2)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through.sent is None


def test_a_zone_that_has_changed_ends_its_sessions() -> None:
    through = opened("a")
    through.policy = policy("a", zones=ZONES.replace("restricted", "internal"))

    assert through(asking(epoch=1)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND


def test_sessions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAX_PARTITIONS", 1)
    through = Through(ShareBroker(), policy("a", "b"))

    assert through(asking("a", "b")).error_code == ErrorCode.SHARE_SESSION_LIMIT_REACHED
    assert through(asking("a")).error_code == 0


def test_the_first_fetch_forgets_nothing_and_waiting_is_bounded() -> None:
    through = Through(ShareBroker(), policy("a"))
    request = asking("a", max_wait_ms=2**31 - 1)
    request.forgotten_topics_data = [ForgottenTopic(topic_id=id_of("a"), partitions=[0])]
    through(request)

    assert through.sent.forgotten_topics_data == []
    assert through.sent.max_wait_ms == 60_000


# --- ids ---


def test_ids_without_a_name_are_asked_for_until_they_have_one() -> None:
    through = Through(ShareBroker(), policy("a", "new"))
    assert codes(through(asking("a", "new"))) == {"a": QUIET, "new": (UNKNOWN_ID, 0, b"")}
    assert [fact.why for fact in through.told if isinstance(fact, Denied)] == ["unknown_topic_id"]
    assert codes(through(asking(epoch=1, acknowledge=("new",)))) == {"new": (UNKNOWN_ID, UNKNOWN_ID, b"")}

    through.facts.cluster.forget_id(id_of("new"))
    through.broker.names[id_of("new")] = "new"
    through.broker.waiting["new"] = 1
    assert codes(through(asking(epoch=2)))["new"][2]


# --- views ---

REDACT = "[{name: f, from: payments, to: payments, topics: [a], controls: [{redact: {types: [EMAIL], with: mask}}]}]"
BLOCK = "[{name: f, from: payments, to: payments, topics: [a], controls: [{detect: {types: [EMAIL], action: block}}]}]"


@pytest.mark.parametrize(("flows", "error"), [("[]", 0), (REDACT, 0), (BLOCK, DENIED)])
def test_a_rule_that_would_keep_records_back_keeps_the_topic_back(flows: str, error: int) -> None:
    through = Through(ShareBroker(), policy("a", flows=flows))

    assert codes(through(asking("a"))) == {"a": (error, 0, b"")}
    assert [fact.why for fact in through.told if isinstance(fact, Denied)] == (["share_view"] if error else [])


def test_where_controls_are_only_tried_out_nothing_is_kept_back() -> None:
    through = Through(
        ShareBroker(), policy("a", flows=BLOCK, zones=ZONES.replace("payments: {", "payments: {observe: true, "))
    )

    assert codes(through(asking("a"))) == {"a": QUIET}


# --- against a plain model: the same broker, with Kafka's own authorizer ---


STEPS = st.tuples(
    st.sets(st.sampled_from(TOPICS)),  # who may be read from now on
    st.sets(st.sampled_from(TOPICS)),  # what is produced
    st.sets(st.sampled_from(TOPICS)),  # added
    st.sets(st.sampled_from(TOPICS)),  # acknowledged
    st.sets(st.sampled_from(TOPICS)),  # forgotten
    st.sampled_from([0, None, None, None, None, -1, 9]),  # another epoch
)


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_a_member_sees_what_it_would_see_without_a_proxy(steps: list[Any]) -> None:
    may: set[str] = set()
    plain, through = ShareBroker(lambda topic: topic in may), Through(ShareBroker(), policy())
    epoch = 0
    for allowed, produced, added, acknowledged, gone, other in steps:
        may = allowed
        through.policy = policy(*sorted(may))
        for topic in produced:
            plain.waiting[topic] += 1
            through.broker.waiting[topic] += 1
        epoch = epoch if other is None else other
        request = asking(
            *sorted(added),
            epoch=epoch,
            acknowledge=() if epoch == 0 else tuple(sorted(acknowledged)),
            forget=() if epoch == 0 else tuple(sorted(gone)),
        )
        expected = plain.fetch(request)
        got = through(request)
        assert got.error_code == expected.error_code
        assert codes(got) == codes(expected)
        assert through.broker.waiting == plain.waiting
        epoch = 0 if expected.error_code or epoch == -1 else epoch + 1
