"""Streams groups (KIP-1071): the broker creates a topology's internal topics only for who may create them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.requests import make
from tests.clients.scene import GROUP_DENIED, TOPIC_DENIED, Scene, group, topic
from tests.clients.waiting import until
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    pass

READ, DESCRIBE, CREATE = Operation.READ, Operation.DESCRIBE, Operation.CREATE
INVALID_REQUEST, INVALID_TOPOLOGY = 42, 130
MISSING_INTERNAL_TOPICS = 3  # StreamsGroupHeartbeatResponse.Status

pytestmark = pytest.mark.timeout(90)


def join(scene: Scene, application: str, **subtopology: Any) -> Any:
    """The reply to a member's first heartbeat."""
    beat = make(
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        group_id=application,
        member_id=str(uuid.uuid4()),
        rebalance_timeout_ms=1000,
        topology={"subtopologies": [{"subtopology_id": "0", **subtopology}]},
        active_tasks=[],
        standby_tasks=[],
        warmup_tasks=[],
        process_id="process",
        client_tags=[],
    )
    return scene.ask(beat, 0)


def with_changelog(source: str, changelog: str) -> dict[str, Any]:
    state = [{"name": changelog, "partitions": 0, "replication_factor": 1}]
    return {"source_topics": [source], "state_changelog_topics": state}


def test_a_topology_takes_rights_to_all_of_its_topics(scene: Scene) -> None:
    source, application = scene.topic(), scene.name()
    scene.only(topic(READ, source))
    assert join(scene, application, source_topics=[source]).error_code == GROUP_DENIED
    scene.only(topic(READ, source), group(READ, application))
    assert join(scene, application, source_topics=[source, "hidden"]).error_code == TOPIC_DENIED
    assert join(scene, application, **with_changelog(source, "hidden")).error_code == TOPIC_DENIED
    assert join(scene, application, source_topics=["__consumer_offsets"]).error_code == INVALID_TOPOLOGY
    assert join(scene, application, source_topic_regex=[f"{source}.*"]).error_code == INVALID_REQUEST
    assert join(scene, application, source_topics=[source]).error_code == 0


def test_topics_are_created_for_those_who_may_create_them(scene: Scene, request: pytest.FixtureRequest) -> None:
    source, application, changelog = scene.topic(), scene.name(), scene.name("changelog-")
    rights = [topic(READ, source), topic(DESCRIBE, changelog), group(READ, application)]
    scene.only(*rights)
    reply = join(scene, application, **with_changelog(source, changelog))
    if request.config.getoption("--direct"):
        assert MISSING_INTERNAL_TOPICS in [status.status_code for status in reply.status]
    else:
        assert (reply.error_code, reply.error_message) == (
            TOPIC_DENIED,
            f"Unauthorized to CREATE on topics {changelog}.",
        )
    assert not scene.exists(changelog)

    scene.only(*rights, topic(CREATE, changelog))
    assert join(scene, application, **with_changelog(source, changelog)).error_code == 0
    until(lambda: scene.exists(changelog))

    scene.only(*rights)  # it is there now, so nobody needs to create it
    assert join(scene, application, **with_changelog(source, changelog)).error_code == 0


def test_a_group_is_described_to_who_may_describe_its_topics(scene: Scene) -> None:
    source, application = scene.topic(), scene.name()
    scene.only(topic(READ, source), group(READ, application))
    assert join(scene, application, source_topics=[source]).error_code == 0

    def described() -> tuple[int, int]:
        asked = make(ApiKey.STREAMS_GROUP_DESCRIBE, group_ids=[application], include_authorized_operations=True)
        (told,) = scene.ask(asked, 0).groups
        return told.error_code, told.authorized_operations

    assert described() == (0, 1 << READ | 1 << DESCRIBE)
    scene.only(group(READ, application))
    assert described()[0] == TOPIC_DENIED
    scene.only(topic(READ, source))
    assert described()[0] == GROUP_DENIED
