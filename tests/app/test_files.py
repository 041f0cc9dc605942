from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zoneproxy.app import files
from zoneproxy.app.files import absolute, read_policies, read_text
from zoneproxy.config.load import parse_config

if TYPE_CHECKING:
    from zoneproxy.errors import Problem


def read(path: Path) -> tuple[str | None, list[Problem]]:
    problems: list[Problem] = []
    return read_text(path, path.name, problems), problems


def test_text_is_read_and_a_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfzones: {}\n")
    assert read(tmp_path / "a.yaml") == ("zones: {}\n", [])


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    text, (problem,) = read(tmp_path / "none.yaml")
    assert text is None
    assert str(problem) == "none.yaml: cannot be read: No such file or directory"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert str(read(tmp_path)[1][0]).endswith(": is not a file")


def test_what_is_not_text_is_a_problem_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: b\nc: \xff\n")
    text, (problem,) = read(tmp_path / "a.yaml")
    assert text is None
    assert (problem.line, problem.message) == (2, "is not UTF-8 text")


def test_a_file_that_cannot_be_a_policy_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_TEXT_BYTES", 10)
    (tmp_path / "a.yaml").write_text("x" * 11)
    assert "is larger than" in str(read(tmp_path / "a.yaml")[1][0])


def test_policy_files_come_by_name_without_hidden_ones_and_folders_inside(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.yaml").write_text("c")
    problems: list[Problem] = []
    found = read_policies(tmp_path, problems)
    assert [(Path(name).name, text) for name, text in found] == [("a.yml", "a.yml"), ("b.yaml", "b.yaml")]
    assert not problems


@pytest.mark.parametrize(("exists", "words"), [(False, "cannot be read"), (True, "no policy files in here")])
def test_a_directory_without_policies_is_a_problem(tmp_path: Path, exists: bool, words: str) -> None:
    directory = tmp_path / "policies"
    if exists:
        directory.mkdir()
    problems: list[Problem] = []
    assert not read_policies(directory, problems)
    assert words in str(problems[0])


def test_one_unreadable_policy_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    (tmp_path / "b.yaml").write_text("zones: {}")
    problems: list[Problem] = []
    assert [text for _, text in read_policies(tmp_path, problems)] == ["zones: {}"]
    assert len(problems) == 1


CONFIG = """
listeners:
  - name: payments
    zone: payments
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100, node_ids: "1-3"}
    tls: {certificate: certs/proxy.crt, key: /etc/proxy.key, client_ca: ca.crt}
  - name: local
    zone: payments
    advertised_host: localhost
    ports: {bootstrap: 9192, first: 9200, node_ids: "1-3"}
    plaintext: {accept: "clients are neither encrypted nor identified", principal: alice}
upstreams:
  one: {bootstrap: ["kafka:9093"], tls: {ca: ca.crt}}
  two: {bootstrap: ["kafka:9093"], tls: {ca: ca.crt, certificate: up.crt, key: up.key}}
keys: {analytics: {file: keys/analytics.key}}
quarantine: {payments: {public_key: keys/payments.pub}}
"""


def test_file_names_are_taken_from_the_folder_of_the_configuration() -> None:
    written = parse_config(CONFIG, "zoneproxy.yaml")
    config = absolute(written, Path("/etc/zoneproxy"))
    tls = config.listeners[0].tls
    assert tls
    assert tls.certificate == "/etc/zoneproxy/certs/proxy.crt"
    assert tls.key == "/etc/proxy.key"
    assert config.listeners[1].tls is None
    one, two = config.upstreams["one"].tls, config.upstreams["two"].tls
    assert one
    assert two
    assert (one.ca, one.certificate) == ("/etc/zoneproxy/ca.crt", None)
    assert two.key == "/etc/zoneproxy/up.key"
    assert config.keys["analytics"].file == "/etc/zoneproxy/keys/analytics.key"
    assert config.quarantine["payments"].public_key == "/etc/zoneproxy/keys/payments.pub"
    assert config.policies == "/etc/zoneproxy/policies"
    assert config.source.file == "zoneproxy.yaml"
    assert written.policies == "policies"


def test_files_of_credentials_and_signing_keys_are_taken_from_the_folder_too(tmp_path: Path) -> None:
    text = """
listeners:
  - name: a
    zone: a
    auth: sasl
    sasl: {mechanisms: [PLAIN]}
    ports: {bootstrap: 9092, first: 9100}
    advertised_host: localhost
    tls: {certificate: c, key: k}
upstreams: {u: {bootstrap: ["k:1"], tls: {ca: ca}}}
credentials: {file: users.yaml}
oauth:
  one: {issuer: "https://1", audience: [kafka], jwks: {file: keys.json}}
  two: {issuer: "https://2", audience: [kafka], jwks: {url: "https://2/keys", ca: ca.crt}}
"""
    config = absolute(parse_config(text), tmp_path)
    assert config.credentials is not None
    assert config.credentials.file == str(tmp_path / "users.yaml")
    one, two = config.oauth["one"].jwks, config.oauth["two"].jwks
    assert (one.file, one.url, one.ca) == (str(tmp_path / "keys.json"), None, None)
    assert (two.file, two.url, two.ca) == (None, "https://2/keys", str(tmp_path / "ca.crt"))
    assert config.listeners[0].tls is not None
    assert config.listeners[0].tls.client_ca is None


def test_the_files_of_logins_are_found_beside_the_configuration(tmp_path: Path) -> None:
    text = """
listeners:
  - name: l
    zone: z
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    tls: {certificate: c, key: k, client_ca: ca, client_crl: crl}
upstreams:
  one:
    bootstrap: ["k:1"]
    tls: {ca: ca}
    sasl: {mechanism: PLAIN, username: u, password_file: p}
    zones: {z: {certificate: zc, key: zk, sasl: {mechanism: OAUTHBEARER, token_file: t}}}
  other:
    bootstrap: ["k:1"]
    tls: {ca: ca}
    sasl:
      mechanism: OAUTHBEARER
      token_endpoint: {url: "https://idp/token", client_id: c, client_secret_file: s, ca: idp}
"""
    config = absolute(parse_config(text, "zoneproxy.yaml"), tmp_path)
    tls, one, other = config.listeners[0].tls, config.upstreams["one"], config.upstreams["other"]
    assert tls
    assert one.sasl
    assert one.zones["z"].sasl
    assert other.sasl
    assert other.sasl.token_endpoint
    assert [tls.client_crl, one.sasl.password_file, one.zones["z"].key, one.zones["z"].sasl.token_file] == [
        str(tmp_path / name) for name in ("crl", "p", "zk", "t")
    ]
    endpoint = other.sasl.token_endpoint
    assert [endpoint.client_secret_file, endpoint.ca] == [str(tmp_path / "s"), str(tmp_path / "idp")]


def test_the_files_of_schemas_are_found_beside_the_configuration(tmp_path: Path) -> None:
    text = """
listeners:
  - name: l
    zone: z
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    tls: {certificate: c, key: k, client_ca: ca}
upstreams: {u: {bootstrap: ["k:1"], tls: {ca: ca}}}
schemas:
  one:
    files: [{id: 1, file: a.proto, references: [b.proto, /c.proto]}]
    registry:
      {url: "https://r", ca: ca.pem, auth: {type: basic, username: u, password_file: secret}}
  two: {registry: {url: "https://r"}}
"""
    config = absolute(parse_config(text), tmp_path)
    one, two = config.schemas["one"], config.schemas["two"]
    assert one.files[0].file == str(tmp_path / "a.proto")
    assert one.files[0].references == (str(tmp_path / "b.proto"), "/c.proto")
    assert one.registry is not None
    assert one.registry.auth is not None
    assert (one.registry.ca, one.registry.auth.password_file) == (str(tmp_path / "ca.pem"), str(tmp_path / "secret"))
    assert two.registry is not None
    assert (two.registry.ca, two.registry.auth) == (None, None)
