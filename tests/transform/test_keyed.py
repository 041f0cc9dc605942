from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.changes import KEYS, make
from tests.transform.documents import strings
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.keyed import HASH_LENGTH, Hash, Tokenise


def hashed(key: str = "one"):
    return make("hash", key=key)


def token(about: str = "EMAIL", **options):
    return make("tokenise", about, **({"key": "one", "zone": "analytics"} | options))


def test_a_hash_is_128_bits_under_a_key_with_a_name():
    assert len(hashed().text(b"x")) == HASH_LENGTH == 32
    expected = hmac.new(KEYS["one"], b"zoneproxy hash 1\0one\0x", hashlib.sha256).hexdigest()[:32]
    assert hashed().text(b"x").decode() == expected
    assert len({hashed("one").text(b"x"), hashed("two").text(b"x"), hashed("one").text(b"y")}) == 3
    renamed = Hash(Transform(TransformKind.HASH, key="other"), {"other": KEYS["one"]})
    assert renamed.text(b"x") != hashed("one").text(b"x")


@pytest.mark.parametrize("change", [hashed(), token()], ids=["hash", "tokenise"])
@given(pair=st.text().flatmap(lambda text: st.tuples(st.just(text), strings(text))))
def test_equal_values_are_equal_however_they_are_escaped(change, pair):
    text, written = pair
    assert change.in_string(written[1:-1].encode()) == change.text(text.encode())


def test_a_number_and_a_string_that_say_the_same_are_equal():
    assert token().value(b"123") == token().value(b'"123"') == b'"' + token().text(b"123") + b'"'
    assert token().value(b'{"a":1}') != token().value(b'{"a":2}')


def test_domains_are_apart():
    changes = [
        token(),
        token("PHONE"),
        token(zone="finance"),
        token(key="two"),
        token(domain="customers"),
        token("a", zone="b"),
        token("b", zone="a"),
        hashed(),
    ]
    assert len({change.text(b"jane@example.com") for change in changes}) == len(changes)


def test_a_domain_is_named_by_what_is_changed_or_by_policy():
    assert token("e-Mail").text(b"x") == token("EMAIL").text(b"x") == token("PHONE", domain="email").text(b"x")


def test_a_token_has_its_prefix():
    change = token(prefix="mail_")
    assert change.text(b"x") == b"mail_" + token().text(b"x")
    assert change.in_string(b"x") == change.text(b"x")


@given(st.binary(), st.binary())
def test_other_values_have_other_tokens(first, second):
    assert (token().text(first) == token().text(second)) == (first == second)


def test_a_key_must_be_there():
    for kind, make_it in ((TransformKind.HASH, Hash), (TransformKind.TOKENISE, lambda *it: Tokenise(*it, "x"))):
        with pytest.raises(KeyError):
            make_it(Transform(kind, key="three"), KEYS)
