"""Lets a new client through the gate of its listener, and says who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.identity.sasl.shapes import Refused
from zoneproxy.net.gate import Gate
from zoneproxy.net.reauthentication import Reauthentication, with_sasl
from zoneproxy.net.strength import admits

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.net.sasl import ListenerSasl
    from zoneproxy.net.session import Session
    from zoneproxy.policy.model import PeerFacts, SaslFacts


async def authenticate(
    session: Session, sasl: ListenerSasl, peer: PeerFacts | None
) -> tuple[PeerFacts, Reauthentication]:
    """Let a client that has shown ``peer`` by TLS prove who it is by SASL, and give its link back to ``session``.

    Raises Refused once the client has been told; ProtocolError and OSError as Gate.
    """
    route, worker, connection = session.route, session.worker, session.connection

    def accept(facts: SaslFacts) -> Refused | None:
        snapshot = worker.policy.snapshot.at(sasl.clock())
        shown = with_sasl(peer, facts)
        if not admits(snapshot.zones.get(route.zone), connection.tls, shown):
            return Refused("encryption")
        return None if route.identify(snapshot, shown) else Refused("unknown_principal")

    gate = Gate(session.client, sasl, _versions(session), accept)
    session.client.owner = gate
    try:
        answer = await gate.enter()
    except BaseException:  # it has gone, or takes too long
        if gate.refused is not None:
            worker.observer.authentication(connection, gate.mechanism, gate.refused.reason)
        raise
    mechanism = gate.mechanism or "none"
    if answer.refused is not None or answer.proven is None:
        refused = answer.refused or Refused("unfinished")
        worker.observer.authentication(connection, mechanism, refused.reason)
        await gate.farewell()
        raise refused
    session.client.owner = session
    worker.observer.authentication(connection, mechanism, "accepted")
    return with_sasl(peer, answer.proven.facts), Reauthentication(session, sasl, mechanism, answer.session)


def _versions(session: Session) -> NodeVersions | None:
    """What is known of the broker at the other end, or of all of them."""
    cluster, node = session.route.cluster, session.connection.node
    known = None if node is None else cluster.versions_of(node)
    return known or cluster.common_versions()
