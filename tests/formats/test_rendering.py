from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.formats.document import Kind, Leaf
from zoneproxy.formats.leaves import kind_of
from zoneproxy.formats.rendering import Rendering, Span

LEAVES = [
    Leaf((b"order",), b"order", Kind.NAME),
    Leaf((b"order", b"id"), b"id", Kind.NAME),
    Leaf((b"order", b"id"), b"4111", Kind.NUMBER),
    Leaf((b"order", b"note"), b'say "x"\n', Kind.TEXT),
    Leaf((b"order", b"raw"), b"\xff", Kind.BYTES),
    Leaf((b"order", b"item", b"id"), b"id", Kind.NAME),
    Leaf((b"order", b"item", b"id"), b"nan", Kind.NUMBER),
    Leaf((b"order", b"item", b"ok"), b"true", Kind.OTHER),
    Leaf((b"order", b"empty"), b"", Kind.TEXT),
]


def test_json_with_names():
    rendering = Rendering(LEAVES)
    assert json.loads(rendering.text) == [
        {"order.id": 4111, "order.note": "say 'x' "},
        {"order.item.id": "nan", "order.item.ok": True},
        "order",
        "id",
    ]
    assert rendering.apart == [3, 4]


def spans(rendering: Rendering, text: bytes) -> list[Span]:
    start = rendering.text.index(text)
    return list(rendering.spans(start, start + len(text)))


def test_the_way_back():
    rendering = Rendering(LEAVES)
    assert spans(rendering, b"11") == [Span(2, 1, 3)]
    assert spans(rendering, b"say 'x'") == [Span(3, 0, 7)]
    assert spans(rendering, b'11,"order.note":"say') == [Span(2, 2, 4), Span(3, 0, 3)]
    assert spans(rendering, b'note":') == []
    assert list(rendering.spans(rendering.text.rindex(b'"id"') + 1, rendering.text.rindex(b'"id"') + 3)) == [
        *(Span(1, 0, 2), Span(5, 0, 2))
    ]


def test_nothing_to_say():
    assert json.loads(Rendering([]).text) == [0]
    names_only = Rendering([Leaf((b"a",), b"a", Kind.NAME)])
    assert json.loads(names_only.text) == [0, "a"]
    assert spans(names_only, b"a") == [Span(0, 0, 1)]


def test_names_that_are_no_text_are_apart():
    rendering = Rendering([Leaf((b"\xff",), b"\xff", Kind.NAME)])
    assert (rendering.text, rendering.apart) == (b"[0]", [0])


def test_long_names_are_cut():
    rendering = Rendering([Leaf((b"x" * 200, b"ssn"), b"1", Kind.TEXT)])
    ((name,),) = json.loads(rendering.text)
    assert name.endswith("x.ssn")
    assert len(name) == 120


@given(
    st.lists(
        st.builds(
            Leaf,
            st.lists(st.binary(max_size=3) | st.integers(0, 9), min_size=1, max_size=3).map(tuple),
            st.text(max_size=6).map(str.encode),
            st.sampled_from(Kind),
        )
    )
)
def test_every_leaf_is_shown_or_apart(leaves):
    rendering = Rendering(leaves)
    assert not set(rendering.text) & {*range(0x20), ord("\\")}
    seen = set(rendering.spans(0, len(rendering.text)))
    for index, leaf in enumerate(leaves):
        if leaf.text and leaf.kind is not Kind.BYTES and kind_of(leaf.text) is Kind.TEXT:
            assert Span(index, 0, len(leaf.text)) in seen
        if leaf.kind is Kind.BYTES:
            assert index in rendering.apart
