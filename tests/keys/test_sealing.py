from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from zoneproxy.errors import InvalidConfiguration
from zoneproxy.keys import sealing
from zoneproxy.keys.sealing import MARK, NotSealed, Seal, load_opener, load_seal, open_sealed, sealed_in

KEY = X25519PrivateKey.generate()
SEAL = Seal(KEY.public_key())
WHY = {"rule": "cards", "topic": "payments"}


def test_a_sealed_copy_opens_with_the_private_key_and_says_why() -> None:
    (sealed,) = sealed_in(SEAL.close(WHY, b"batch"))
    opened = open_sealed(sealed, KEY)
    assert (opened.why, opened.batch) == (WHY, b"batch")


def test_no_two_copies_are_alike_and_none_shows_what_is_in_it() -> None:
    one, other = SEAL.close(WHY, b"canary"), SEAL.close(WHY, b"canary")
    assert one[8:] != other[8:]
    for text in (b"canary", b"cards", b"payments"):
        assert text not in one


def test_nobody_else_opens_it_and_no_bit_may_be_changed() -> None:
    (sealed,) = sealed_in(SEAL.close(WHY, b"batch"))
    with pytest.raises(NotSealed):
        open_sealed(sealed, X25519PrivateKey.generate())
    for at in (0, 31, 32, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(NotSealed):
            open_sealed(bytes(changed), KEY)
    with pytest.raises(NotSealed):
        open_sealed(b"short", KEY)


def test_several_are_told_apart_with_lines_between_them_or_not() -> None:
    data = SEAL.close(WHY, b"1") + SEAL.close(WHY, b"2") + b"\n" + SEAL.close(WHY, b"3\n") + b"\n"
    assert [open_sealed(sealed, KEY).batch for sealed in sealed_in(data)] == [b"1", b"2", b"3\n"]
    assert not list(sealed_in(b" \n"))


@pytest.mark.parametrize("data", [b"other", MARK, MARK + b"\0\0", MARK + b"\0\0\0\5abcd"])
def test_what_is_no_sealed_copy(data: bytes) -> None:
    with pytest.raises(NotSealed):
        list(sealed_in(data))


@pytest.mark.parametrize("plain", [b"", b"\0\0\0\2{", b"\0\0\0\2[]", b"\0\0\0\2no", b"\0\0\0\x09{}"])
def test_what_was_sealed_by_somebody_else_is_held_against_its_form(plain: bytes) -> None:
    sealed = sealing._SUITE.encrypt(plain, KEY.public_key(), sealing._INFO)
    with pytest.raises(NotSealed):
        open_sealed(sealed, KEY)


def public(key: X25519PrivateKey | Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private(key: X25519PrivateKey | Ed25519PrivateKey, password: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def test_keys_are_read_as_openssl_writes_them(tmp_path: Path) -> None:
    (tmp_path / "pub").write_bytes(public(KEY))
    (tmp_path / "key").write_bytes(private(KEY))
    seal = load_seal("zone `a`", tmp_path / "pub")
    assert seal.id == SEAL.id
    assert len(seal.id) == 16
    (sealed,) = sealed_in(seal.close(WHY, b"batch"))
    assert open_sealed(sealed, load_opener(tmp_path / "key")).batch == b"batch"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (private(KEY), "private key"),
        (public(Ed25519PrivateKey.generate()), "X25519"),
        (b"no key", "X25519"),
    ],
)
def test_what_is_no_public_key(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "pub").write_bytes(content)
    with pytest.raises(InvalidConfiguration) as caught:
        load_seal("zone `a`", tmp_path / "pub")
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "content", [public(KEY), private(Ed25519PrivateKey.generate()), private(KEY, b"password"), b"no key"]
)
def test_what_is_no_private_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(InvalidConfiguration):
        load_opener(tmp_path / "key")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        load_seal("zone `a`", tmp_path / "pub")
