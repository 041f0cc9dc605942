from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.identity.sasl.kit import ISSUER, KEY_SET, RIGHT
from tests.net.harness import Recorder
from zoneproxy.config.load import parse_config
from zoneproxy.config.model import Config
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.identity.sasl.credentials_file import with_password
from zoneproxy.identity.sasl.oauthbearer import OauthBearer
from zoneproxy.identity.sasl.plain import Plain
from zoneproxy.identity.sasl.scram import Scram
from zoneproxy.net.sasl import check_sasl, load_sasl

CONFIG = """
listeners:
  - name: a
    zone: a
    auth: sasl
    sasl: {{mechanisms: [OAUTHBEARER, PLAIN, SCRAM-SHA-256], oauth: [main], max_session_seconds: 600}}
    ports: {{bootstrap: 9092, first: 9100}}
    advertised_host: localhost
    tls: {{certificate: c, key: k}}
upstreams: {{u: {{bootstrap: ["k:1"], tls: {{ca: ca}}}}}}
credentials: {{file: "{0}/users.yaml"}}
oauth:
  main: {{issuer: "https://login.example.com", audience: [kafka], amr: [mfa], jwks: {{file: "{0}/keys.json"}}}}
  other: {{issuer: "https://other.example.com", audience: [kafka], jwks: {{url: "https://other.example.com/keys"}}}}
"""


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def config(folder: Path) -> Config:
    return parse_config(CONFIG.format(folder))


def test_what_is_configured_is_what_clients_get(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    text, _ = with_password(None, "", "alice", RIGHT, 4096)
    (tmp_path / "users.yaml").write_text(text)
    (tmp_path / "keys.json").write_bytes(KEY_SET)
    loaded = load_sasl(config(tmp_path), Recorder(), time.time, executor)
    assert set(loaded.issuers) == set(loaded.keepers) == {"main", "other"}
    assert loaded.issuers["main"].cache.keys(time.time()) is not None
    assert loaded.issuers["other"].cache.keys(time.time()) is None
    assert loaded.issuers["main"].provider.amr == {"mfa"}
    written = config(tmp_path).listeners[0].sasl
    assert written is not None
    sasl = loaded.of(written)
    assert (list(sasl.issuers), sasl.max_session) == ([ISSUER], 600)
    made = {name: begin() for name, begin in sasl.mechanisms().items()}
    assert list(made) == ["OAUTHBEARER", "PLAIN", "SCRAM-SHA-256"]
    assert [type(each) for each in made.values()] == [OauthBearer, Plain, Scram]
    everybody = loaded.of(written.model_copy(update={"oauth": None}))
    assert len(everybody.issuers) == 2


def test_nonces_are_new_each_time(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    text, _ = with_password(None, "", "alice", RIGHT, 4096)
    (tmp_path / "users.yaml").write_text(text)
    (tmp_path / "keys.json").write_bytes(KEY_SET)
    loaded = load_sasl(config(tmp_path), Recorder(), time.time, executor)
    written = config(tmp_path).listeners[0].sasl
    assert written is not None
    begin = loaded.of(written).mechanisms()["SCRAM-SHA-256"]
    first, second = begin(), begin()
    assert isinstance(first, Scram)
    assert isinstance(second, Scram)
    assert first._new_nonce() != second._new_nonce()


def test_everything_that_cannot_be_used_is_told(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        load_sasl(config(tmp_path), Recorder(), time.time, executor)
    assert [Path(problem.file).name for problem in caught.value.problems] == ["users.yaml", "keys.json"]


def test_a_check_reads_the_same_files_and_asks_nobody(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration):
        check_sasl(config(tmp_path))
    text, _ = with_password(None, "", "alice", RIGHT, 4096)
    (tmp_path / "users.yaml").write_text(text)
    (tmp_path / "keys.json").write_bytes(KEY_SET)
    check_sasl(config(tmp_path))


def test_no_sasl_needs_nothing(executor: ThreadPoolExecutor) -> None:
    text = CONFIG.partition("credentials:")[0].format("")
    text = text.replace("auth: sasl\n", "auth: mtls\n").replace("key: k", "key: k, client_ca: c")
    plain = parse_config("\n".join(line for line in text.splitlines() if "sasl:" not in line))
    loaded = load_sasl(plain, Recorder(), time.time, executor)
    assert (loaded.store, dict(loaded.issuers)) == (None, {})
