from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.config.addresses import NodeIds
from zoneproxy.config.authentication import SASL_IN_THE_CLEAR
from zoneproxy.config.located import Located
from zoneproxy.config.model import (
    LISTENER_IN_THE_CLEAR,
    Config,
    Limits,
    ListenerConfig,
    PortsAddressing,
    SniAddressing,
)

TLS = {"certificate": "proxy.crt", "key": "proxy.key", "client_ca": "ca.crt"}
PORTS = {"bootstrap": 9092, "first": 9100}
SNI = {"port": 9093, "domain": "kafka.example.com"}
PLAINTEXT = {"accept": LISTENER_IN_THE_CLEAR, "principal": "tester"}
LISTENER: dict[str, Any] = {"name": "p", "zone": "p", "advertised_host": "localhost", "ports": PORTS, "tls": TLS}
SNI_LISTENER: dict[str, Any] = {"name": "p", "zone": "p", "sni": SNI, "tls": TLS}


SASL = {"mechanisms": ["SCRAM-SHA-512"]}


def without(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def test_node_ports_follow_the_node_ids() -> None:
    ports = PortsAddressing(bootstrap=9092, first=9100, node_ids=NodeIds(4, 6))
    assert ports.all_ports == (9092, 9100, 9101, 9102)
    assert ports.last == 9102
    assert PortsAddressing(bootstrap=1, first=2).node_ids == NodeIds(0, 31)


def test_ports_must_exist_and_differ() -> None:
    with pytest.raises(ValidationError, match="beyond 65535"):
        PortsAddressing(bootstrap=9092, first=65530)
    with pytest.raises(ValidationError, match="is one of the node ports"):
        PortsAddressing(bootstrap=9110, first=9100)
    with pytest.raises(ValidationError):
        PortsAddressing(bootstrap=0, first=9100)


def test_a_listener_by_ports_and_one_by_sni() -> None:
    ports = ListenerConfig(**LISTENER)
    assert len(ports.all_ports) == 33
    assert ports.tls is not None
    assert ports.tls.min_version == "1.3"
    assert ports.bind == "127.0.0.1"
    sni = ListenerConfig(**SNI_LISTENER)
    assert sni.all_ports == (9093,)
    assert sni.sni == SniAddressing(port=9093, domain="kafka.example.com")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({**LISTENER, "sni": SNI}, "exactly one of `ports` and `sni`"),
        (without(LISTENER, "ports"), "exactly one of `ports` and `sni`"),
        ({**LISTENER, "plaintext": PLAINTEXT}, "exactly one of `tls` and `plaintext`"),
        (without(LISTENER, "tls"), "exactly one of `tls` and `plaintext`"),
        (without(LISTENER, "advertised_host"), "lacks `advertised_host`"),
        ({**SNI_LISTENER, "advertised_host": "x"}, "no effect with `sni`"),
        ({**without(SNI_LISTENER, "tls"), "plaintext": PLAINTEXT}, "`sni` needs `tls`"),
        ({**LISTENER, "name": "Not-Small"}, "name"),
        ({**LISTENER, "tls": without(TLS, "client_ca")}, "client_ca"),
    ],
)
def test_listeners_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ListenerConfig(**data)


def test_no_encryption_only_when_it_is_said_in_words() -> None:
    open_listener = {**without(LISTENER, "tls"), "plaintext": PLAINTEXT}
    assert ListenerConfig(**open_listener).plaintext is not None
    for wrong in ({"accept": "yes", "principal": "x"}, {"principal": "x"}, {"accept": LISTENER_IN_THE_CLEAR}):
        with pytest.raises(ValidationError):
            ListenerConfig(**{**open_listener, "plaintext": wrong})


def test_limits_have_defaults_and_bounds() -> None:
    limits = Limits()
    assert limits.max_frame_bytes == 100 * 1024 * 1024
    assert limits.max_unauthenticated_frame_bytes == 64 * 1024
    assert (limits.max_in_flight_requests, limits.drain_timeout_seconds) == (64, 15)
    for wrong in ({"scan_threads": 0}, {"scan_threads": "2"}, {"idle_timeout_seconds": 1.5}, {"max_frames": 1}):
        with pytest.raises(ValidationError):
            Limits.model_validate(wrong)
    with pytest.raises(ValidationError, match="larger than `max_frame_bytes`"):
        Limits(max_frame_bytes=2048)


def test_what_is_left_out_has_defaults_and_empty_is_left_out() -> None:
    data: dict[str, Any] = {"listeners": [LISTENER], "upstreams": {"k": {"bootstrap": ["k:1"], "tls": {"ca": "x"}}}}
    config = Config.model_validate(data)
    assert config == Config.model_validate({**data, "keys": None, "admin": None, "limits": None, "log": None})
    assert (config.policies, config.admin.port, config.log.level, dict(config.keys)) == ("policies", 9600, "info", {})
    assert config.source.file == "zoneproxy.yaml"
    source = Located("other.yaml")
    assert config.from_source(source).source is source


# --- SASL ----------------------------------------------------------------------------------------------------

ONLY_SASL: dict[str, Any] = {**LISTENER, "tls": without(TLS, "client_ca"), "auth": "sasl", "sasl": SASL}
SASL_PLAINTEXT: dict[str, Any] = {**without(ONLY_SASL, "tls"), "plaintext": {"accept": SASL_IN_THE_CLEAR}}


def test_listeners_that_take_sasl() -> None:
    assert ListenerConfig(**LISTENER).auth == "mtls"
    assert ListenerConfig(**ONLY_SASL).sasl is not None
    assert ListenerConfig(**{**LISTENER, "auth": "both", "sasl": SASL}).auth == "both"
    assert ListenerConfig(**SASL_PLAINTEXT).plaintext is not None


@pytest.mark.parametrize(
    ("listener", "text"),
    [
        ({**LISTENER, "auth": "sasl"}, "`auth: sasl` and `sasl` do not go together"),
        ({**LISTENER, "sasl": SASL}, "`auth: mtls` and `sasl` do not go together"),
        ({**ONLY_SASL, "tls": TLS}, "no certificate is asked for"),
        ({**ONLY_SASL, "auth": "both"}, "`auth: both` asks for certificates"),
        ({**SASL_PLAINTEXT, "auth": "both"}, "`auth: both` asks for certificates"),
        ({**SASL_PLAINTEXT, "plaintext": PLAINTEXT}, "SASL without encryption must be accepted in words"),
        ({**SASL_PLAINTEXT, "plaintext": {**PLAINTEXT, "accept": SASL_IN_THE_CLEAR}}, "must be accepted in words"),
        (without(SASL_PLAINTEXT, "auth", "sasl"), "must be accepted in words"),
        ({**ONLY_SASL, "auth": "kerberos"}, "'mtls', 'sasl' or 'both'"),
    ],
)
def test_sasl_and_certificates_go_together(listener: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        ListenerConfig(**listener)
