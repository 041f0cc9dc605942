"""What all tests share: the real Kafka cluster, started once for a run, and only if a test asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.kafka import archive, java
from tests.kafka.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples in every run: a failure found in CI is found at home too. `make fuzz` looks further.
hypothesis.settings.register_profile("ordinary", max_examples=50, derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("long", max_examples=5000, deadline=None, database=None)
hypothesis.settings.load_profile("ordinary")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/clients --direct``: is it the test that is wrong, or the proxy?"""
    parser.addoption("--direct", action="store_true", help="run the client tests straight against the brokers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is quick and alone comes first, what needs the cluster last."""
    items.sort(key=_needs_the_cluster)


def _needs_the_cluster(item: pytest.Item) -> bool:
    return not {"cluster", "kafka_is_there"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say at once what is not installed, instead of after the tests that need nothing; make what speeds Java up."""
    if not session.config.option.collectonly and any(map(_needs_the_cluster, session.items)):
        try:
            java.check()
        except java.MissingTool as missing:
            pytest.exit(str(missing), returncode=1)
        archive.make()


@pytest.fixture(scope="session")
def kafka_is_there() -> None:
    """For tests that start nodes of their own: as with ``cluster``, a run without Java and the jars ends at once."""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three Kafka nodes that only the proxy and the admin may reach."""
    made = Cluster(tmp_path_factory.mktemp("kafka"))
    try:
        made.start()
        yield made
    finally:
        made.close()
