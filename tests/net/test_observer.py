from __future__ import annotations

from zoneproxy.net.observer import Connection, NullObserver, Observer


def test_the_null_observer_takes_everything() -> None:
    observer: Observer = NullObserver()
    connection = Connection(1, "listener", "zone", "127.0.0.1", None)
    observer.connection_refused("listener", "zone", "127.0.0.1", "reason")
    observer.connection_opened(connection)
    observer.request_decided(connection, 1, 10, "forwarded")
    observer.request_answered(connection, 1, 10, 0.1, 0.01)
    observer.facts(connection, 1, [])
    observer.protocol_error(connection, "client", "reason")
    observer.chain_error(connection, 1, "ValueError")
    observer.connection_closed(connection, "reason", 1.0)
    observer.upstream_state("upstream", up=True, brokers=3, reason="")
    observer.upstream_failure("upstream", "reason")
    observer.certificate_loaded("owner", 1.0)
    observer.certificate_refused("owner", "reason")
    observer.accept_paused("listener", "emfile")
    observer.published("violations", 1, 100)
    observer.publishing_lost("violations", "full", 1)
    observer.publishing_state("violations", "timeout")
