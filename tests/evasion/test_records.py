"""Rows 1 to 14 and 32 to 39: batches and records that are built so that something is not looked at."""

from __future__ import annotations

import base64

import google_crc32c
import pytest

from tests.boundary.batch_kit import (
    CODECS,
    CONTROL,
    IN,
    LIMITS,
    MASK,
    OUT,
    TRANSACTIONAL,
    batch,
    record,
    records_of,
    values_of,
    whole,
)
from tests.boundary.kit import CARD
from tests.boundary.test_produce_records import CLEAN, DIRTY, Producing
from tests.evasion.canaries import CANARIES, TYPES
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.holes import ProducerHoles
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Depth, Detect, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Binary, Format
from zoneproxy.wire.compression import Codec
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.registry import APIS
from zoneproxy.wire.record import Record

PAN = CANARIES["PAYMENT_CARD"].encode()
QUARTERS = [PAN[at : at + 4] for at in range(0, 16, 4)]


def plan(depth: Depth, transform: Transform = MASK) -> ControlPlan:
    return ControlPlan((RedactFinding("hide", TYPES, 0.5, transform, depth=depth),), {})


FAST, DEEP = plan(Depth.FAST), plan(Depth.DEEP)


def error(data: bytes, of: ControlPlan = DEEP) -> int:
    return treat_produce(whole(data), of, LIMITS, IN).error


def goes_on(records: list[Record], of: ControlPlan) -> bool:
    """Whether a batch goes on, and as it came."""
    result = treat_produce(whole(batch(records)), of, LIMITS, IN)
    return result.error == ErrorCode.NONE and result.data is None


def patched(data: bytes, at: int, replacement: bytes) -> bytes:
    """A batch with other bytes in its header, and a checksum that fits."""
    changed = bytearray(data)
    changed[at : at + len(replacement)] = replacement
    changed[17:21] = google_crc32c.value(bytes(changed[21:])).to_bytes(4, "big")
    return bytes(changed)


# --- batches ---


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("compiled", [FAST, DEEP])
def test_rows_1_to_4_compressed_batches_are_opened_and_compressed_again(codec, compiled):
    result = treat_produce(whole(batch([DIRTY], codec)), compiled, LIMITS, IN)
    assert result.data is not None
    assert whole(result.data).header.codec == codec
    assert PAN not in (values_of(result.data)[0] or b"")


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_row_5_other_codecs_are_refused(codec):
    assert codec not in set(Codec)
    assert error(patched(batch([CLEAN]), 22, bytes([codec]))) == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE


def test_row_6_old_versions_are_not_there():
    assert APIS[ApiKey.PRODUCE].min_version == 3
    assert APIS[ApiKey.FETCH].min_version == 4


@pytest.mark.parametrize("magic", [0, 1, 3])
def test_row_7_other_magic_is_refused(magic):
    dirty = bytearray(batch([DIRTY]))
    dirty[16] = magic
    assert Producing(("open.careful", 0, bytes(dirty))).codes == [ErrorCode.INVALID_RECORD]


def test_row_7_a_second_batch_is_refused():
    assert Producing(("open.careful", 0, batch([CLEAN]) + batch([DIRTY]))).codes == [ErrorCode.INVALID_RECORD]


# --- parts of records ---


@pytest.mark.parametrize("compiled", [FAST, DEEP])
def test_rows_8_to_10_keys_and_names_of_headers_block_and_their_values_are_redacted(compiled):
    assert error(batch([record("{}", PAN)]), compiled) == ErrorCode.POLICY_VIOLATION
    assert error(batch([record("{}", None, [(PAN, b"v")])]), compiled) == ErrorCode.POLICY_VIOLATION
    result = treat_produce(whole(batch([record("{}", None, [(b"h", PAN)])])), compiled, LIMITS, IN)
    assert records_of(result.data or b"")[0].headers == ((b"h", b"*" * 12 + PAN[-4:]),)


def test_row_8_keys_are_tokenised_if_a_rule_says_so():
    transform = Transform(TransformKind.TOKENISE, key="k", zone="z")
    rule = RedactFinding("hide", TYPES, 0.5, transform, record_keys=True, depth=Depth.DEEP)
    compiled = ControlPlan((rule,), {"k": b"k" * 32})
    result = treat_produce(whole(batch([record("{}", PAN), record("{}", PAN, at=1)])), compiled, LIMITS, IN)
    one, other = (each.key for each in records_of(result.data or b""))
    assert one == other
    assert PAN not in (one or b"")


def test_row_11_a_secret_over_headers():
    dirty = record("{}", b"k", [(b"h%d" % at, part) for at, part in enumerate(QUARTERS)])
    assert goes_on([dirty], FAST)
    assert error(batch([dirty]), DEEP) == ErrorCode.POLICY_VIOLATION


@pytest.mark.parametrize(
    "value",
    [
        b'{"pan1":"%b","pan2":"%b","pan3":"%b","pan4":"%b"}' % tuple(QUARTERS),
        b'{"pan1":%b,"pan2":%b,"pan3":%b,"pan4":%b}' % tuple(QUARTERS),
        b'{"pan":["%b","%b","%b","%b"]}' % tuple(QUARTERS),
    ],
)
def test_row_12_a_secret_over_neighbours_in_json(value):
    assert goes_on([record(value)], FAST)
    assert error(batch([record(value)]), DEEP) == ErrorCode.POLICY_VIOLATION


def test_row_12_a_secret_over_fields_that_are_no_neighbours_is_missed():
    assert goes_on([record(b'{"a":"41111111","b":1,"c":"11111111"}')], DEEP)


def test_row_13_a_secret_over_records_that_follow_one_another():
    dirty = [record(CLEAN), record(PAN[:8], at=1), record(PAN[8:], at=2), record(CLEAN, at=3)]
    assert goes_on(dirty, FAST)
    assert error(batch(dirty), DEEP) == ErrorCode.POLICY_VIOLATION
    left = treat_fetch(batch(dirty), DEEP, LIMITS, OUT)
    assert values_of(left.data or b"") == [CLEAN, CLEAN]


def test_row_13_a_secret_over_batches_or_over_documents_is_missed():
    assert goes_on([record(PAN[:8])], DEEP)
    assert goes_on([record(PAN[8:])], DEEP)
    assert goes_on([record(b'{"a":"%b"}' % PAN[:8]), record(b'{"a":"%b"}' % PAN[8:], at=1)], DEEP)


def test_row_14_a_secret_over_key_and_value():
    dirty = record(PAN[8:], PAN[:8])
    assert goes_on([dirty], FAST)
    assert error(batch([dirty]), DEEP) == ErrorCode.POLICY_VIOLATION
    assert treat_fetch(batch([dirty]), DEEP, LIMITS, OUT).blocked == 1


def test_row_17_a_name_twice_is_refused_if_a_rule_says_so():
    twice = batch([b'{"a":1,"a":2}'])
    strict = ControlPlan((Format("f", value="json", unique_names=True),), {})
    assert error(twice, strict) == ErrorCode.POLICY_VIOLATION
    assert error(twice, DEEP) == ErrorCode.NONE


def test_rows_26_and_30_what_nobody_can_look_into_is_refused_if_a_rule_says_so():
    opaque = batch([bytes(range(0x80, 0x100))])
    assert error(opaque, ControlPlan((Binary("b", Action.BLOCK, ("value",)),), {})) == ErrorCode.POLICY_VIOLATION
    assert error(opaque, DEEP) == ErrorCode.NONE


# --- large, empty, odd ---


@pytest.mark.parametrize("compiled", [FAST, DEEP])
def test_row_32_the_end_of_a_large_value_is_looked_at(compiled):
    result = treat_produce(whole(batch([b"all work and no play " * 50_000 + PAN])), compiled, LIMITS, IN)
    assert result.data is not None
    assert (values_of(result.data)[0] or b"").endswith(b"*" * 12 + PAN[-4:])


@pytest.mark.parametrize("bait", [b"4", b"1 ", b"a@", b"%34", b"\\u003", b"A", b"=\n", b"&#5", b'["4",', b"\xd9\xa4"])
def test_row_33_baits_for_slow_patterns_hide_nothing(bait):
    value = bait * 3_000 + b" card " + PAN + b"."
    result = treat_produce(whole(batch([value])), DEEP, LIMITS, IN)
    assert result.error == ErrorCode.POLICY_VIOLATION or PAN not in (values_of(result.data or b"")[0] or b"")


@pytest.mark.parametrize("transform", [MASK, Transform(TransformKind.REMOVE)])
def test_row_34_null_stays_null_and_empty_stays_empty(transform):
    dirty = [record(None, b"k", [(b"h", PAN)]), record(b"", b"k", [(b"h", PAN)], at=1)]
    result = treat_produce(whole(batch(dirty)), plan(Depth.DEEP, transform), LIMITS, IN)
    assert values_of(result.data or b"") == [None, b""]
    assert PAN not in bytes(result.data or b"")
    assert error(batch([record(None, PAN)])) == ErrorCode.POLICY_VIOLATION


def test_row_35_control_batches_are_for_brokers_to_write():
    assert error(batch([CLEAN], attributes=CONTROL)) == ErrorCode.INVALID_RECORD


def test_row_36_a_transaction_that_may_abort_is_looked_at_all_the_same():
    assert error(batch([record("{}", PAN)], attributes=TRANSACTIONAL)) == ErrorCode.POLICY_VIOLATION


def test_row_37_what_follows_a_blocked_batch_waits_until_the_producer_has_renumbered():
    holes = ProducerHoles()

    def send(sequence: int, value: bytes) -> list[int]:
        data = batch([record(value)], producer_id=1, producer_epoch=0, base_sequence=sequence)
        return Producing(("open.careful", 0, data), holes=holes).codes

    assert send(0, DIRTY) == [ErrorCode.POLICY_VIOLATION]
    assert send(1, CLEAN) == [ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER]
    assert send(0, CLEAN) == [ErrorCode.NONE]
    assert send(1, CLEAN) == [ErrorCode.NONE]


@pytest.mark.parametrize("bit", range(7, 16))
def test_row_38_spare_bits_are_refused(bit):
    assert error(batch([CLEAN], attributes=(1 << bit) - (1 << 16) * (bit == 15))) == ErrorCode.INVALID_RECORD


def test_row_38_times_are_not_looked_at():
    assert goes_on([Record(0, int(PAN), 0, None, CLEAN)], DEEP)


def test_row_39_bytes_behind_records_and_batches_are_refused():
    clean = batch([CLEAN])
    assert Producing(("open.careful", 0, clean + PAN)).codes == [ErrorCode.INVALID_RECORD]
    assert error(patched(batch([CLEAN, PAN]), 57, (1).to_bytes(4, "big"))) == ErrorCode.INVALID_RECORD


def test_row_25_too_much_to_decode_is_refused_with_its_reason():
    bomb = base64.b64encode(b"\x1f\x8b\x08" * 400)
    result = treat_produce(whole(batch([bomb])), DEEP, LIMITS, IN)
    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "budget")
    assert treat_fetch(batch([CLEAN, bomb]), DEEP, LIMITS, OUT).reason == "budget"


def test_row_54_halves_over_two_connections_are_missed():
    for half in (CARD[:8], CARD[8:]):
        assert Producing(("open.careful", 0, batch([record(half)]))).codes == [ErrorCode.NONE]


def test_row_56_nothing_that_is_told_holds_what_was_found():
    block = ControlPlan((Detect("stop", TYPES, 0.5, Action.BLOCK, depth=Depth.DEEP),), {})
    for canary in CANARIES.values():
        for compiled in (block, DEEP):
            for dirty in (record(canary), record("{}", canary.encode()), record(base64.b64encode(canary.encode()))):
                result = treat_produce(whole(batch([dirty])), compiled, LIMITS, IN)
                assert result.facts
                assert canary not in repr(result.facts) + result.reason
