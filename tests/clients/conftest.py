"""Real Kafka clients through the proxy, on the real cluster."""

from __future__ import annotations

import pytest

from tests.clients.admin import Direct
from tests.clients.reach import Reach
from tests.kafka.cluster import Cluster


@pytest.fixture(scope="session")
def direct(cluster: Cluster) -> Direct:
    """The brokers' admin, past the proxy."""
    return Direct(cluster)


@pytest.fixture
def insider(request: pytest.FixtureRequest, cluster: Cluster) -> Reach:
    """A principal of the listener's own zone that may use every API that is open to anybody."""
    if request.config.getoption("--direct"):
        return Reach(cluster.bootstrap, cluster.admin)
    raise NotImplementedError
