from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.config.load import parse_config
from zoneproxy.errors import InvalidConfiguration

GOOD = """\
listeners:
  - name: payments
    zone: payments
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100, node_ids: "0-31"}
    tls: {certificate: certs/proxy.crt, key: certs/proxy.key, client_ca: certs/ca.crt, min_version: "1.3"}
  - name: analytics
    zone: analytics
    advertised_host: localhost
    ports: {bootstrap: 9192, first: 9200}
    plaintext: {accept: "clients are neither encrypted nor identified", principal: perf-client}
upstreams:
  restricted-kafka:
    bootstrap: ["kafka-1:9093", "kafka-2:9093"]
    tls: {ca: certs/ca.crt, certificate: certs/up.crt, key: certs/up.key}
  shared-kafka:
    bootstrap: [localhost:19092]
    plaintext: {accept: "the way to this upstream is not encrypted"}
policies: policies
keys: {analytics: {file: keys/analytics.key}}
admin: {bind: 127.0.0.1, port: 9600}
limits: {scan_threads: 4}
log: {level: debug, format: console}
"""

LEVELS = "'debug', 'info', 'warning' or 'error'"


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        parse_config(text, "z.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_whole_configuration() -> None:
    config = parse_config(GOOD, "z.yaml")
    assert [listener.name for listener in config.listeners] == ["payments", "analytics"]
    assert str(config.upstreams["restricted-kafka"].bootstrap[1]) == "kafka-2:9093"
    assert config.keys["analytics"].file == "keys/analytics.key"
    assert config.limits.scan_threads == 4
    assert config.source.place(("listeners", 1, "zone")) == (8, 11)


def test_every_fault_with_its_place_and_what_would_be_right() -> None:
    text = (
        GOOD.replace("policies: policies", "policy: policies")
        .replace("clients are neither encrypted nor identified", "yes")
        .replace("kafka-2:9093", "kafka-2")
        .replace("scan_threads: 4", "scan_threads: many")
        .replace("level: debug", "level: debugging")
    )
    sentences = "clients are neither encrypted nor identified", "passwords, tokens and data are not encrypted"
    assert faults(text) == [
        (
            f"z.yaml:11:25: `accept` should be {' or '.join(map(repr, sentences))}, not `yes` "
            f"(known: {', '.join(f'`{sentence}`' for sentence in sentences)})"
        ),
        'z.yaml:14:33: `kafka-2` is not an address (write "host:port", as in "kafka-1.example.com:9093")',
        "z.yaml:19:1: unknown key `policy` (did you mean `policies`?)",
        "z.yaml:22:24: `scan_threads` should be a whole number, not `many` (that look through large record batches)",
        f"z.yaml:23:14: `level` should be {LEVELS}, not `debugging` (did you mean `debug`?)",
    ]


@pytest.mark.parametrize("text", ["", "# later\n", "[]", "text", "a: [", "listeners:\nupstreams:\n"])
def test_what_is_no_configuration_at_all(text: str) -> None:
    assert faults(text)


def test_listeners_need_names_of_their_own() -> None:
    found = faults(GOOD.replace("name: analytics", "name: payments"))
    assert found == ["z.yaml:7:11: a listener `payments` is there already (the first one is in line 2)"]


def test_listeners_and_admin_need_ports_of_their_own() -> None:
    assert (
        "wants ports that `payments` has already: 9130, 9131" in faults(GOOD.replace("first: 9200", "first: 9130"))[0]
    )
    assert "`payments` has already: 9092 " in faults(GOOD.replace("bootstrap: 9192", "bootstrap: 9092"))[0]
    assert "`admin` has already: 9100 " in faults(GOOD.replace("port: 9600", "port: 9100"))[0]
    assert "9100, 9101, 9102, 9103, ..." in faults(GOOD.replace("first: 9200", "first: 9100"))[0]


def test_the_same_ports_of_different_addresses_are_different() -> None:
    same_ports = GOOD.replace("9192", "9092").replace("9200", "9100")
    apart = same_ports.replace("name: analytics\n", "name: analytics\n    bind: 127.0.0.2\n")
    assert len(parse_config(apart).listeners) == 2
    assert "has already" in faults(apart.replace("127.0.0.2", "0.0.0.0"))[0]


def test_faults_between_listeners_are_found_beside_others() -> None:
    found = faults(GOOD.replace("first: 9200", "first: 9100").replace("admin:", "admon:"))
    assert [each.partition(":")[2].split(":")[0] for each in found] == ["10", "21"]


@given(st.text(alphabet="listenrsupamkydo:-{}[], \n0129\"'") | st.text())
def test_any_text_is_a_configuration_or_a_list_of_problems(text: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        parse_config(text)
    assert caught.value.problems


@given(st.data())
def test_a_configuration_with_a_piece_cut_out_never_crashes(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    text = GOOD[:start] + data.draw(st.sampled_from(["", "[", "{a: ", "\n", "x", ": "])) + GOOD[start + 5 :]
    with contextlib.suppress(InvalidConfiguration):
        parse_config(text)
