from __future__ import annotations

import base64

import pytest

from tests.boundary.batch_kit import BLOCK, record
from tests.detect.samples import CARD, EMAIL
from zoneproxy.boundary import joined
from zoneproxy.boundary.joined import REACH, splits
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Depth, Detect

HALF, REST = CARD[:8].encode(), CARD[8:].encode()
DEEP = ControlPlan((Detect("r", ("PAYMENT_CARD", "EMAIL"), 0.5, Action.BLOCK, depth=Depth.DEEP),), {})


def types(records, plan=BLOCK):
    return {number: sorted({split.type for split in found}) for number, found in splits(records, plan).items()}


def test_over_headers_in_order():
    quarters = [(b"h%d" % at, CARD[4 * at : 4 * at + 4].encode()) for at in range(4)]
    assert types([record(b"{}", None, quarters)]) == {0: ["PAYMENT_CARD"]}
    assert types([record(b"{}", None, [(b"a", b"{x}"), *quarters[:2], (b"n", None), *quarters[2:]])]) == {
        0: ["PAYMENT_CARD"]
    }
    assert types([record(b"{}", None, reversed(quarters))]) == {}


def test_over_key_and_value():
    assert types([record(REST, HALF)]) == {0: ["PAYMENT_CARD"]}
    assert types([record(b'{"a":1}', CARD[:15].encode())]) == {}
    (split,) = splits([record(REST, HALF)], BLOCK)[0]
    assert (split.decision.rule, split.confidence) == ("no cards", 0.75)


def test_over_records_that_follow_one_another():
    clean = record(b'{"a":1}')
    assert types([clean, record(HALF), record(REST), clean]) == {1: ["PAYMENT_CARD"], 2: ["PAYMENT_CARD"]}
    assert types([record(HALF), record(None), record(REST)]) == {number: ["PAYMENT_CARD"] for number in range(3)}
    assert types([record(HALF), clean, record(REST)]) == {}


def test_only_the_ends_of_long_values_are_put_together():
    filler = b"x" * 3 * REACH + b" "
    assert types([record(filler + HALF), record(REST + b" " + filler)]) == {0: ["PAYMENT_CARD"], 1: ["PAYMENT_CARD"]}
    assert types([record(filler + HALF), record(REST + b" " + filler + HALF), record(REST)]) == {
        0: ["PAYMENT_CARD"],
        1: ["PAYMENT_CARD"],
        2: ["PAYMENT_CARD"],
    }


def test_numbers_in_a_row_are_no_card():
    assert types([record(CARD[at : at + 4].encode()) for at in range(0, 16, 4)] * 3) == {}


def test_what_is_in_one_part_alone_is_not_split():
    assert types([record(EMAIL.encode()), record(EMAIL.encode())]) == {}
    assert types([record(CARD.encode(), EMAIL.encode())]) == {}


def test_encoded_text_is_split_as_well():
    coded = base64.b64encode(CARD.encode())
    assert types([record(coded[10:], coded[:10])], DEEP) == {0: ["PAYMENT_CARD"]}


def test_nothing_to_put_together():
    assert types([]) == {}
    assert types([record(None), record(b"")]) == {}


@pytest.mark.parametrize("seam", [b" ", b"{", b'"', b","])
def test_parts_end_where_nothing_can_go_on(seam):
    assert types([record(REST, HALF + seam)]) == {}
    assert types([record(seam + REST, HALF)]) == {}


def test_a_place_is_told_by_its_number():
    assert joined.splits([record(b"{}")] * 3 + [record(REST, HALF)], BLOCK).keys() == {3}


def test_what_goes_on_for_long_is_looked_at_piece_by_piece():
    word = record(b"lorem_ipsum_dolor_sit_amet_")
    for before in range(140, 160):
        records = [word] * before + [record(b"." + HALF), record(REST + b".")] + [word] * 10
        assert types(records) == {before: ["PAYMENT_CARD"], before + 1: ["PAYMENT_CARD"]}
