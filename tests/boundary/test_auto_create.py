from __future__ import annotations

import pytest

from tests.boundary.kit import NOW, POLICY, Upstream, chain, context, finish, metadata, read_again, reply
from tests.boundary.said import said_kit
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.interceptor import LookUp, Work
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic

FIRST = ErrorCode.TOPIC_AUTHORIZATION_FAILED


class Asking:
    """A clerk, who may describe open.*, seen.* and new.* and create new.*, asks for topics with creation on."""

    def __init__(self, upstream: Upstream, *, version: int = 13, who: str = "clerk", policy: str = POLICY) -> None:
        self.upstream = upstream
        self.cluster = ClusterView()
        self.version = version
        self.who = who
        self.policy = policy

    def __call__(self, *names: str, create: bool = True) -> Routed:
        self.ctx = context(self.who, ApiKey.METADATA, self.version, cluster=self.cluster, policy=self.policy)
        topics = [MetadataRequestTopic(name=name) for name in names]
        self.message = read_again(MetadataRequest(topics=topics, allow_auto_topic_creation=create), self.ctx)
        self.routed = finish(chain().request(self.message, self.ctx), self.ctx, self.upstream)
        return self.routed

    @property
    def forwarded(self) -> list[str]:
        return [topic.name for topic in self.message.topics]

    @property
    def refused(self) -> dict[str, int]:
        response = reply(self.routed, metadata(self.forwarded), self.ctx)
        return {topic.name: topic.error_code for topic in response.topics if topic.error_code}


def test_whoever_may_create_all_of_it_is_not_held_up() -> None:
    asking = Asking(Upstream())

    assert not asking("new.a", "new.b").edited
    assert asking.message.allow_auto_topic_creation
    assert asking.upstream.asked == []


def test_without_the_wish_to_create_nothing_is_looked_up() -> None:
    asking = Asking(Upstream())

    assert not asking("open.a", "new.b", create=False).edited
    assert asking.upstream.asked == []


def test_topics_that_exist_pass_without_the_wish_to_create() -> None:
    asking = Asking(Upstream("open.a", "seen.b"))

    assert asking("open.a", "seen.b").edited
    assert asking.forwarded == ["open.a", "seen.b"]
    assert not asking.message.allow_auto_topic_creation
    assert asking.upstream.asked == [LookUp(names=frozenset({"open.a", "seen.b"}))]


def test_what_is_known_to_exist_is_not_asked_for_again() -> None:
    asking = Asking(Upstream("open.a"))
    asking("open.a")
    asking("open.a")

    assert len(asking.upstream.asked) == 1


def test_what_does_not_exist_and_may_not_be_created_is_refused() -> None:
    asking = Asking(Upstream("open.a"))
    asking("open.a", "open.b", "seen.c")

    assert asking.forwarded == ["open.a"]
    assert asking.refused == {"open.b": FIRST, "seen.c": FIRST}


def test_of_a_mixture_only_what_may_be_created_is() -> None:
    asking = Asking(Upstream("open.a"))
    asking("open.a", "open.b", "new.c")

    assert asking.forwarded == ["open.a", "new.c"]
    assert asking.message.allow_auto_topic_creation
    assert asking.refused == {"open.b": FIRST}


def test_where_something_will_be_created_old_knowledge_of_others_does_not_count() -> None:
    asking = Asking(Upstream("open.a"))
    asking.cluster.learn_metadata(metadata(["open.a", "open.gone"]), NOW)
    asking("open.a", "open.gone", "new.c")

    assert asking.upstream.asked == [LookUp(names=frozenset({"open.a", "open.gone"}))]
    assert asking.forwarded == ["open.a", "new.c"]


def test_once_all_that_may_be_created_is_there_the_wish_is_dropped() -> None:
    asking = Asking(Upstream("open.a", "new.c"))
    asking.cluster.learn_metadata(metadata(["new.c"]), NOW)
    asking("open.a", "new.c")

    assert asking.forwarded == ["open.a", "new.c"]
    assert not asking.message.allow_auto_topic_creation


def test_an_upstream_that_cannot_be_asked_makes_the_client_try_again() -> None:
    asking = Asking(Upstream("open.a", silent=True))
    asking("open.a", "new.c")

    assert asking.forwarded == ["new.c"]
    assert asking.refused == {"open.a": ErrorCode.LEADER_NOT_AVAILABLE}


@pytest.mark.parametrize("version", [0, 3])
def test_old_requests_always_create(version: int) -> None:
    asking = Asking(Upstream("open.a"), version=version)
    asking.cluster.learn_metadata(metadata(["open.gone"]), NOW)
    asking("open.a", "open.gone")

    assert asking.forwarded == ["open.a"]
    assert asking.refused == {"open.gone": FIRST}


def test_create_on_the_cluster_is_enough() -> None:
    asking = Asking(Upstream(), policy=POLICY.replace("    - {deny: [create], cluster: true}\n", ""))

    assert not asking("open.a").edited
    assert asking.message.allow_auto_topic_creation


def test_where_brokers_create_nothing_there_is_nothing_to_decide() -> None:
    asking = Asking(Upstream())
    asking.cluster.auto_create_topics = False

    assert not asking("open.a", "open.b").edited
    assert asking.upstream.asked == []


def test_names_too_long_to_exist_are_refused_without_being_remembered() -> None:
    asking = Asking(Upstream())
    name = "open." + "x" * 300
    asking(name)

    assert asking.forwarded == []
    assert asking.refused == {name: FIRST}


@pytest.mark.parametrize("who", ["teller", "clerk"])
def test_what_is_called_as_it_may_not_be_is_not_created(who: str) -> None:
    policy = said_kit.POLICY
    dirty = f"open.{said_kit.CARD}"
    asking = Asking(Upstream("open.Old", f"open.old-{said_kit.CARD}"), who=who, policy=policy)
    asking("open.a", dirty, "open.New", "open.Old", f"open.old-{said_kit.CARD}")
    assert asking.forwarded == ["open.a", "open.Old", f"open.old-{said_kit.CARD}"]
    assert asking.message.allow_auto_topic_creation
    wrong = ErrorCode.INVALID_TOPIC_EXCEPTION
    assert asking.refused == {dirty: wrong, "open.New": wrong}
    assert said_kit.refusals(asking.ctx) == [("topic_name", "finding")]  # and nothing of what is there already


def test_many_names_are_looked_through_off_the_event_loop_and_held_back_before_that() -> None:
    names = [f"open.{number}-{said_kit.CARD}" for number in range(200)]
    ctx = context("teller", ApiKey.METADATA, 13, policy=said_kit.POLICY)
    topics = [MetadataRequestTopic(name=name) for name in ["open.a", *names]]
    message = MetadataRequest(topics=topics, allow_auto_topic_creation=True)
    (work,) = next(chain().request(message, ctx))
    assert isinstance(work, Work)
    assert work.size >= INLINE
    assert ctx.facts == []  # nothing was looked at before
    asking = Asking(Upstream(), who="teller", policy=said_kit.POLICY)
    asking("open.a", *names)
    assert asking.forwarded == ["open.a"]
    assert set(asking.refused) == set(names)
    assert said_kit.refusals(asking.ctx) == [("topic_name", "finding")]


def test_who_may_create_anything_by_any_name_is_not_held_up() -> None:
    asking = Asking(Upstream(), who="teller", policy=said_kit.POLICY)
    assert not asking("open.a").edited
    assert asking.upstream.asked == []
