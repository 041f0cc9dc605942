from __future__ import annotations

from pathlib import Path

import pytest

from zoneproxy.app.credentials import credentials_file, remove, set_password, users
from zoneproxy.errors import InvalidConfiguration

SECRET = "-".join(("alice", "secret"))
CONFIG = """
listeners:
  - name: a
    zone: a
    ports: {bootstrap: 9092, first: 9100}
    advertised_host: localhost
    tls: {certificate: c, key: k, client_ca: c}
upstreams: {u: {bootstrap: ["k:1"], tls: {ca: ca}}}
"""


def test_the_file_of_a_configuration(tmp_path: Path) -> None:
    config = tmp_path / "zoneproxy.yaml"
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        credentials_file(config)
    config.write_text(CONFIG)
    with pytest.raises(InvalidConfiguration, match="there are no `credentials` in here"):
        credentials_file(config)
    config.write_text(CONFIG + "credentials: {file: users.yaml}\n")
    assert credentials_file(config) == tmp_path / "users.yaml"


def test_users_come_and_go(tmp_path: Path) -> None:
    file = tmp_path / "users.yaml"
    assert set_password(file, "alice", lambda: SECRET, 4096) == f"{file}: `alice` has a password"
    assert file.stat().st_mode & 0o777 == 0o600
    assert set_password(file, "alice", lambda: SECRET, 4096) == f"{file}: `alice` has a new password"
    set_password(file, "bob", lambda: SECRET, 4096)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(users(file)) == ["alice", "bob"]
    assert remove(file, "alice") == f"{file}: `alice` is gone"
    assert list(users(file)) == ["bob"]
    with pytest.raises(InvalidConfiguration, match="there is no user `alice`"):
        remove(file, "alice")


def test_nothing_is_asked_for_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "users.yaml"
    file.write_text("users: [")

    def ask() -> str:
        raise AssertionError

    with pytest.raises(InvalidConfiguration):
        set_password(file, "alice", ask, 4096)
    file.write_bytes(b"\xff")
    with pytest.raises(InvalidConfiguration, match="not UTF-8"):
        set_password(file, "alice", ask, 4096)
    assert file.read_bytes() == b"\xff"


def test_a_file_that_is_not_there_has_no_users(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        users(tmp_path / "users.yaml")
    with pytest.raises(InvalidConfiguration, match="there is no user"):
        remove(tmp_path / "users.yaml", "alice")


def test_a_password_that_will_not_do_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "users.yaml"
    set_password(file, "alice", lambda: SECRET, 4096)
    before = file.read_text()
    with pytest.raises(InvalidConfiguration, match="a password has 8 to"):
        set_password(file, "alice", lambda: "short", 4096)
    assert file.read_text() == before
