from __future__ import annotations

from tests.transform.field_model import MASK
from zoneproxy.transform.known_shapes import MAX_BYTES, MAX_SHAPES, MAX_TOKENS, KnownShapes
from zoneproxy.transform.outline import outline
from zoneproxy.transform.selectors import Rules

RULES = Rules([((b"a",), MASK)])


def go_through(known: KnownShapes, text: bytes) -> bool:
    """Whether its shape is known then."""
    known.gone_through(text, outline(text, RULES.machine.root, RULES.changes))
    return any(shape.apply(text) for shape in known.shapes)


def test_the_shape_that_was_met_last_is_the_first():
    known = KnownShapes(RULES.changes)
    assert go_through(known, b'{"a":1}')
    assert go_through(known, b'{"b":1}')
    second, first = known.shapes
    known.met(first)
    assert known.shapes == (first, second)


def test_no_more_than_a_few_are_remembered():
    known = KnownShapes(RULES.changes)
    assert all(go_through(known, b'{"%d":1}' % number) for number in range(MAX_SHAPES + 3))
    assert len(known.shapes) == MAX_SHAPES
    assert known.shapes[0].apply(b'{"10":2}')


def test_who_sends_another_shape_every_time_does_not_have_all_learnt():
    known = KnownShapes(RULES.changes)
    learnt = [go_through(known, b'{"a":1,"%d":"%0200d"}' % (number, number)) for number in range(3000)]
    assert all(learnt[:5])
    assert 1 <= sum(learnt[100:]) < 30


def test_large_documents_are_not_learnt():
    known = KnownShapes(RULES.changes)
    assert not go_through(known, b'"' + b"x" * MAX_BYTES + b'"')
    assert not go_through(known, b"[" + b"1," * MAX_TOKENS + b"1]")
