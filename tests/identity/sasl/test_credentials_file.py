from __future__ import annotations

import pytest

from tests.identity.sasl.kit import RIGHT, WRONG
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.identity.sasl.credentials import HASHES, derive
from zoneproxy.identity.sasl.credentials_file import parse_credentials, users_of, with_password, without_user


def written(*users: str) -> str:
    text: str | None = None
    for user in users:
        text, _ = with_password(text, "c.yaml", user, RIGHT, 4096)
    assert text is not None
    return text


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        parse_credentials(text, "c.yaml")
    return list(map(str, caught.value.problems))


def test_what_was_written_is_what_is_read() -> None:
    text = written("alice", "bob: #x")
    assert users_of(text, "c.yaml") == dict.fromkeys(("alice", "bob: #x"), tuple(HASHES))
    known = parse_credentials(text, "c.yaml")
    for user in ("alice", "bob: #x"):
        for mechanism in HASHES:
            verifier, there = known.verifier(user, mechanism)
            assert there
            assert verifier == derive(RIGHT, mechanism, verifier.salt, 4096)


def test_no_password_and_no_salt_is_there_twice() -> None:
    text = written("alice", "bob")
    assert RIGHT not in text
    known = parse_credentials(text, "c.yaml")
    salts = {known.verifier(user, mechanism)[0].salt for user in ("alice", "bob") for mechanism in HASHES}
    assert len(salts) == 4


def test_a_new_password_takes_the_place_of_the_old_one_and_the_decoy_stays() -> None:
    text = written("alice")
    changed, there = with_password(text, "c.yaml", "alice", WRONG, 4096)
    assert there
    before, after = parse_credentials(text, "c"), parse_credentials(changed, "c")
    assert before.verifier("alice", "SCRAM-SHA-256") != after.verifier("alice", "SCRAM-SHA-256")
    assert before.verifier("eve", "SCRAM-SHA-256") == after.verifier("eve", "SCRAM-SHA-256")


def test_users_can_be_taken_out() -> None:
    text = written("alice", "bob")
    rest = without_user(text, "c.yaml", "alice")
    assert rest is not None
    assert list(users_of(rest, "c.yaml")) == ["bob"]
    assert without_user(rest, "c.yaml", "alice") is None


@pytest.mark.parametrize(
    ("user", "password"),
    [("", RIGHT), (" a", RIGHT), ("a\nb", RIGHT), ("a" * 250, RIGHT), ("a", "short"), ("a", "1234567\0")],
)
def test_names_and_passwords_that_will_not_do(user: str, password: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        with_password(None, "c.yaml", user, password)
    assert password not in str(caught.value)


def test_every_fault_is_told_with_its_place_and_without_what_is_written_there() -> None:
    text = f"users:\n  y: {RIGHT}\n  x:\n    SCRAM-SHA-256: {{iterations: 1, salt: '%', stored_key: {RIGHT}, extra: 1}}"
    told = faults(text)
    assert [line.split(": ")[0] for line in told] == [
        "c.yaml:1:1",
        "c.yaml:2:6",
        "c.yaml:4:33",
        "c.yaml:4:42",
        "c.yaml:4:59",
        "c.yaml:4:20",
        "c.yaml:4:73",
    ]
    assert RIGHT not in "".join(told)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("SCRAM-SHA-512", "SCRAM-SHA-1", "`SCRAM-SHA-1` is not one of SCRAM-SHA-256, SCRAM-SHA-512"),
        ("SCRAM-SHA-512:", "SCRAM-SHA-256 :", "written twice"),
        ("stored_key: ", "stored_key: AAAA", "have 32 bytes each"),
        ("alice", '" alice"', "a user's name"),
        ("salt: ", "salt: AAAA #", "at least 8 bytes"),
        ("decoy: ", "decoy: AAAA #", "at least 32 bytes"),
        ("iterations: 4096", "iterations: 4095", "too small"),
        ("iterations: 4096", "iterations: 1000001", "too large"),
    ],
)
def test_what_verifiers_must_be(old: str, new: str, text: str) -> None:
    told = faults(written("alice").replace(old, new))
    assert any(text in fault for fault in told), told


def test_an_empty_file_lacks_its_decoy() -> None:
    assert faults("") == ["c.yaml: `decoy` is missing"] or "`decoy` is missing" in faults("")[0]
