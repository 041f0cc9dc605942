from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep import budget
from zoneproxy.detect.deep.views import MAX_DEPTH, sources, views
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.errors import ProtocolError

SECRET = b"4111111111111111"


def texts(value: bytes) -> list[bytes]:
    return [view.text for view in views(value)]


def nested(value: bytes, times: int) -> bytes:
    for _ in range(times):
        value = base64.b64encode(value)
    return value


def test_a_plain_value_has_no_other_readings():
    assert texts(b'{"id":"8da8c1ab-77b8-4201","amount":12.5,"note":"nothing to see"}') == []
    assert texts(b"") == []


def test_encodings_within_encodings_are_read():
    value = json.dumps({"a": base64.b64encode(gzip.compress(b"%34" + SECRET[1:])).decode()}).encode()
    assert any(SECRET in text for text in texts(value))


def test_so_deep_and_no_deeper():
    assert any(SECRET in text for text in texts(nested(SECRET, MAX_DEPTH)))
    assert not any(SECRET in text for text in texts(nested(SECRET, MAX_DEPTH + 1)))


def test_json_in_strings_of_json_is_read():
    value = json.dumps({"a": r"\u0034111111111111111"}).encode()
    for _ in range(MAX_DEPTH - 2):
        value = json.dumps({"a": value.decode()}).encode()
    assert any(SECRET in text for text in texts(value))


def test_what_it_says_stands_where_the_code_stood():
    value = b'{"pan":"' + base64.b64encode(SECRET) + b'"}'
    (view,) = [view for view in views(value) if SECRET in view.text]
    assert view.text.startswith(b'{"pan":"')
    at = view.text.index(SECRET)
    assert view.value_span(at, at + len(SECRET)) == (8, len(value) - 2)


def test_codes_that_have_nothing_to_do_with_one_another_are_not_combined():
    apart = b" . " * 40
    value = apart.join((b"%34" + SECRET[1:], base64.b64encode(SECRET), b"4<b></b>111"))
    assert len(texts(value)) == 3
    together = b"%34" + SECRET[1:8] + b"<b></b>" + SECRET[8:]
    assert SECRET in texts(together)


def test_a_value_with_too_many_readings_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(budget, "MAX_VIEWS", 1)
    with pytest.raises(ProtocolError, match="budget"):
        texts(nested(SECRET, 3))


def test_a_bomb_within_a_value_is_refused():
    with pytest.raises(ProtocolError, match="budget"):
        texts(base64.b64encode(gzip.compress(bytes(1 << 22))))


def test_overlapping_readings_are_all_taken():
    digits = b"77777777666666665555555544444444"  # base32, base64 and hexadecimal alike
    found = texts(digits + base64.b64encode(SECRET))
    assert any(SECRET in text for text in found)


@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_whatever_comes_nothing_else_is_raised(value):
    for written in (value, base64.b64encode(value), b"%" + value):
        try:
            found = list(views(written))
        except ProtocolError:
            continue
        for view in found:
            begin, finish = view.value_span(0, len(view.text)) if view.text else (0, 0)
            assert 0 <= begin <= finish <= len(written)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.decoder.name)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"%34", b"\\u0034", b"4<b></b>1", b"a=\r\nb", b"NDExMTExMTEx", b"3431" * 6]),
)
def test_where_a_source_finds_something_its_shape_matches(source, data, known):
    text = known + data
    short = (b'\\"', b"\\b", b"\\f")
    if any(text[piece.start : piece.end] not in short for piece in source.pieces(text)):
        assert compile_pattern(source.shape).search(text)


def test_of_large_values_that_are_no_text_only_pieces_of_text_are_read():
    noise = bytes([*range(0x20), *range(0x80, 0xA0)]) * 100
    value = noise + b" card %34111111111111111 " + noise + gzip.compress(SECRET * 3, mtime=0)
    found = texts(value)
    assert any(SECRET in text and len(text) < 1000 for text in found)
    assert any(SECRET * 3 in text for text in found)
    view = next(view for view in views(value) if b" card " + SECRET in view.text)
    at = view.text.index(SECRET)
    begin, finish = view.value_span(at, at + len(SECRET))
    assert value[begin:finish] == b"%34111111111111111"
