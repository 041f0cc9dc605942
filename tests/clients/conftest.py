"""Real Kafka clients through the proxy, on the real cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clients.admin import Direct
from tests.clients.reach import Reach
from tests.clients.scene import Scene, stage
from tests.kafka.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kafka.cluster import Cluster

POLICIES = Path(__file__).resolve().parent / "policies"


@pytest.fixture(scope="session")
def direct(cluster: Cluster) -> Direct:
    """The brokers' admin, past the proxy."""
    return Direct(cluster)


@pytest.fixture(scope="session")
def proxy(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The proxy that all tests share; the policy is in tests/clients/policies."""
    made = Proxy(tmp_path_factory.mktemp("proxy"), cluster, POLICIES)
    yield made
    made.close()


@pytest.fixture
def own_proxy(cluster: Cluster, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy for one test alone, to do things to."""
    made = Proxy(tmp_path, cluster, POLICIES)
    yield made
    made.close()


@pytest.fixture(scope="session")
def insider(request: pytest.FixtureRequest, direct: Direct) -> Reach:
    """A principal of the zone payments that may use every API that is open to anybody."""
    if request.config.getoption("--direct"):
        return direct.reach
    proxy: Proxy = request.getfixturevalue("proxy")
    return Reach(proxy.bootstrap(), proxy.client("insider", "Payments"))


@pytest.fixture(scope="session")
def clerk(proxy: Proxy) -> Reach:
    """A principal of the zone payments that may use some topics."""
    return Reach(proxy.bootstrap(), proxy.client("clerk", "Payments"))


@pytest.fixture(scope="session")
def analyst(proxy: Proxy) -> Reach:
    """A principal of the zone analytics, in the zone payments."""
    return Reach(proxy.bootstrap(), proxy.client("analyst", "Analytics"))


@pytest.fixture(scope="session")
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None
) -> Iterator[Scene]:
    """One node for all scenarios; the proxy before it, unless it decides itself."""
    with stage(tmp_path_factory.mktemp("scene"), direct=request.config.getoption("--direct")) as made:
        yield made
