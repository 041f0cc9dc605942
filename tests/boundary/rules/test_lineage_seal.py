from __future__ import annotations

import base64
import hashlib
import hmac
import itertools

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.rules.lineage_seal import content_of, same, seal

KEY = b"k" * 32


def test_the_seal_is_what_the_documents_say() -> None:
    """Written out by hand, as whoever verifies it elsewhere would."""
    null = b"\xff\xff\xff\xff"
    first, second = b"\0\0\0\x01a\0\0\0\x01b", b"\0\0\0\x01c" + null
    content = hashlib.sha256(b"\0\0\0\x03key" + null + b"\0\0\0\x02" + first + second).digest()
    assert content_of(b"key", None, [(b"a", b"b"), (b"c", None)]) == content
    mac = hmac.new(KEY, b"zoneproxy lineage 1\0\0\0\0\x02k1\0\0\0\x04text" + content, "sha256").digest()
    sealed = seal(KEY, "k1", b"text", content)
    assert sealed == b"k1:" + base64.urlsafe_b64encode(mac)[:43]
    assert same(sealed, bytes(sealed))
    assert not same(sealed, sealed[:-1])


def test_everything_changes_it() -> None:
    content = content_of(b"k", b"v", [])
    seals = [
        seal(KEY, "k1", b"text", content),
        seal(b"l" * 32, "k1", b"text", content),
        seal(KEY, "k2", b"text", content),
        seal(KEY, "k1", b"texT", content),
        seal(KEY, "k1", b"text", content_of(b"k", b"w", [])),
    ]
    assert not any(one == other for one, other in itertools.combinations(seals, 2))


PARTS = st.none() | st.binary(max_size=3)
CONTENTS = st.tuples(PARTS, PARTS, st.lists(st.tuples(st.binary(max_size=2), PARTS), max_size=3))


@given(CONTENTS, CONTENTS)
def test_no_two_records_have_one_content(one, other) -> None:  # type: ignore[no-untyped-def]
    assert (content_of(*one) == content_of(*other)) is (one == other)
