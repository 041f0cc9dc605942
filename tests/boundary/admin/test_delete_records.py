from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.wire.messages.delete_records_request import (
    DeleteRecordsPartition,
    DeleteRecordsRequest,
    DeleteRecordsTopic,
)
from zoneproxy.wire.messages.delete_records_response import (
    DeleteRecordsPartitionResult,
    DeleteRecordsResponse,
    DeleteRecordsTopicResult,
)


def deletion(*topics: tuple[str, list[int]]) -> DeleteRecordsRequest:
    return DeleteRecordsRequest(
        topics=[
            DeleteRecordsTopic(name=name, partitions=[DeleteRecordsPartition(partition_index=i) for i in indexes])
            for name, indexes in topics
        ]
    )


def told(response: Any) -> list[tuple[str, list[tuple[int, int, int]]]]:
    return [
        (topic.name, [(p.partition_index, p.error_code, p.low_watermark) for p in topic.partitions])
        for topic in response.topics
    ]


@pytest.mark.parametrize("version", versions(DeleteRecordsRequest))
def test_refused_partitions_come_back_each_once(version: int) -> None:
    asked = ask(
        "topics",
        deletion(("secret", [0, 1, 0]), ("deleted", [0, 0]), ("described", [2]), ("secret", [1, 5]), ("none", [])),
        version,
    )

    assert [topic.name for topic in asked.forwarded.topics] == ["deleted"]
    done = DeleteRecordsTopicResult(name="deleted", partitions=[DeleteRecordsPartitionResult(low_watermark=4)])
    assert told(asked.reply(DeleteRecordsResponse(topics=[done]))) == [
        ("deleted", [(0, 0, 4)]),
        ("secret", [(0, 29, -1), (1, 29, -1), (5, 29, -1)]),
        ("described", [(2, 29, -1)]),
    ]
    assert [resource for *_, resource in asked.denials] == ["secret", "described", "none"]


def test_what_is_allowed_goes_on_as_it_came() -> None:
    assert ask("topics", deletion(("all", [0]), ("deleted.none", [1])), 2).untouched


@pytest.mark.parametrize("who", ["operator", "cluster", "nobody"])
def test_nobody_empties_reserved_topics(who: str) -> None:
    assert told(ask(who, deletion((OFFSETS, [3])), 2).answer) == [(OFFSETS, [(3, 29, -1)])]


def test_nothing_asked_for_and_nothing_allowed() -> None:
    assert told(ask("nobody", deletion(("secret", [])), 2).answer) == []
