"""zoneproxy: a boundary between Kafka trust zones, speaking the Kafka protocol on both sides.

The way of the data::

    client -TLS-> net.listener -> net.session -> boundary.chain -> net.upstream -mTLS-> broker

The decision core does no I/O: bytes, messages, time and keys come in as arguments, decisions go out.

- wire       the Kafka protocol: framing, generated messages, record batches, compression
- policy     zones, principals, roles and flows, compiled into one immutable PolicySnapshot
- detect     finds card numbers, e-mail addresses... in bytes
- transform  masks, hashes and removes values
- formats    JSON, CSV, XML, MessagePack... as leaves that say something, with the way back
- boundary   the interceptors, and the chain that orders them: what may pass, and in which shape

The shell moves bytes and waits.

- net        the only sockets: listeners, sessions, upstream and control connections, TLS
- identity   what a client proved about itself, by TLS and SASL; how the proxy logs in
- keys       key files; sealing with public keys
- audit      violation events
- telemetry  metrics, logs, the admin HTTP endpoint
- config     zoneproxy.yaml
- cli, commands, app   the commands, and the place where everything is put together
"""
