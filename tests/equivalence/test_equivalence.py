"""The same users and rules, on a real Kafka with StandardAuthorizer and on an open one behind zoneproxy: equal answers.

For every API, in every version: requests of users with all, some and no rights, about what exists and what does not,
compared field by field; then what they left behind in both nodes. ``differences`` lists what remains, with reasons.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.equivalence import (
    cases_admin,
    cases_groups,
    cases_records,
    cases_share,
    cases_transactions,
    comparing,
    world,
)
from tests.equivalence.differences import DIFFERENCES, NEVER_OFFERED, Difference
from tests.equivalence.sides import nodes_and_proxy
from tests.equivalence.users import A_FEW, EVERYBODY, SUPER
from zoneproxy.boundary import apis
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.registry import APIS, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.equivalence.cases import Case
    from tests.equivalence.comparing import Observed
    from tests.equivalence.sides import Pair

CASES = [
    *cases_records.CASES,
    *cases_groups.CASES,
    *cases_transactions.CASES,
    *cases_admin.CASES,
    *cases_share.CASES,
]
BY_API = {
    api: [case for case in CASES if case.api is api]
    for api in dict.fromkeys(case.api for case in CASES)
    if api in apis.OPEN
}
SETTLING_SECONDS = 10


class Book:
    """What was asked, and which of the listed differences occurred."""

    def __init__(self) -> None:
        self.asked: set[ApiKey] = set()
        self.occurred: set[Difference] = set()

    def unexplained(self, observed: Observed) -> bool:
        """Whether no listed difference explains it; those that do are marked."""
        found = [difference for difference in DIFFERENCES if difference.explains(observed)]
        self.occurred.update(found)
        return not found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[Pair]:
    """Both sides, furnished."""
    with nodes_and_proxy(tmp_path_factory.mktemp("equivalence")) as made:
        for side in made:
            world.furnish(side)
        yield made


@pytest.fixture(scope="module")
def book() -> Book:
    """Of this run."""
    return Book()


def spoken(pair: Pair, case: Case, user: str) -> range:
    """The versions that ``user`` is offered through the proxy, as far as the case has something to ask in them."""
    low, high = pair.proxied.versions(user)[case.api]
    return range(max(low, case.versions[0], APIS[case.api].min_version), min(high, case.versions[1]) + 1)


def compare(pair: Pair, book: Book, cases: Sequence[Case], users: Sequence[str], *, all_versions: bool) -> list[str]:
    """What differs without being listed."""
    wrong = []
    for case in cases:
        book.asked.add(case.api)
        for user in users:
            if case.users is None or user in case.users:
                versions = spoken(pair, case, user)
                for version in versions if all_versions else sorted({*versions[:1], *versions[-1:]}):
                    wrong += filter(book.unexplained, comparing.ask(pair, case, user, version))
    wrong += settled(pair, book, cases[0].api)
    for side in pair:
        world.tidy(side)
    return [str(each) for each in wrong]


def settled(pair: Pair, book: Book, api: ApiKey) -> list[Observed]:
    """What the requests of an API left behind in one node only. Some of it takes a moment to come or go."""
    end = time.monotonic() + SETTLING_SECONDS
    while wrong := [each for each in comparing.left_behind(pair, api) if book.unexplained(each)]:
        if time.monotonic() > end:
            break
    return wrong


@pytest.mark.parametrize("api", BY_API, ids=lambda api: api.name)
@pytest.mark.timeout(300)
def test_a_few_users_in_the_oldest_and_newest_versions(pair: Pair, book: Book, api: ApiKey) -> None:
    assert compare(pair, book, BY_API[api], A_FEW, all_versions=False) == []


@pytest.mark.long
@pytest.mark.parametrize("api", BY_API, ids=lambda api: api.name)
@pytest.mark.timeout(600)
def test_everybody_in_every_version(pair: Pair, book: Book, api: ApiKey) -> None:
    assert compare(pair, book, BY_API[api], EVERYBODY, all_versions=True) == []


@pytest.mark.long
def test_the_list_of_differences_says_no_more_than_there_is(book: Book) -> None:
    expected = {difference for difference in DIFFERENCES if difference.apis & book.asked}

    assert {difference.title for difference in expected - book.occurred} == set()


def test_every_api_that_is_offered_is_asked(pair: Pair) -> None:
    offered = set(pair.proxied.versions("everything"))

    assert offered - set(BY_API) == {ApiKey.API_VERSIONS}


@pytest.mark.parametrize("user", A_FEW)
def test_everybody_is_offered_what_kafka_offers_but_for_what_is_closed(pair: Pair, user: str) -> None:
    expected = {api: span for api, span in pair.kafka.versions(user).items() if api not in NEVER_OFFERED}
    expected[ApiKey.ADD_PARTITIONS_TO_TXN] = (0, 3)  # newer ones are for brokers

    assert pair.proxied.versions(user) == expected


@pytest.mark.parametrize("api", NEVER_OFFERED, ids=lambda api: api.name)
def test_what_is_closed_is_refused_to_super_users_too(pair: Pair, api: ApiKey) -> None:
    low, high = APIS[api].min_version, APIS[api].max_stable_version
    for version in range(low, high + 1):
        reply = pair.proxied.raw(SUPER, REQUESTS[api](), version)

        assert reply is None or reply.error_code == ErrorCode.UNSUPPORTED_VERSION
