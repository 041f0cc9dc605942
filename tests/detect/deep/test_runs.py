from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep.runs import BASE_32_RUNS, BASE_64, CODES, HEXADECIMAL, SEPARATED, apart, segments

SECRET = b"4111111111111111"
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=16, max_size=40).map(str.encode)


def read(code, text):
    return [(piece.start, piece.end, piece.says) for piece in code.pieces(text)]


@given(TEXT, st.sampled_from(["", "=", "id:", '{"a":"']), st.sampled_from(["", '"}', " and more", "=="]))
def test_all_codes_are_read_wherever_they_stand(text, before, behind):
    for code, encode in (
        (BASE_64, base64.b64encode),
        (BASE_64, base64.urlsafe_b64encode),
        (BASE_64, lambda data: base64.b64encode(data).rstrip(b"=")),
        (BASE_32_RUNS, base64.b32encode),
        (BASE_32_RUNS, lambda data: base64.b32encode(data).lower()),
        (HEXADECIMAL, lambda data: data.hex().encode()),
        (HEXADECIMAL, lambda data: data.hex().upper().encode()),
    ):
        written = before.encode() + encode(text) + b" " + behind.encode()
        assert any(text in says for _, _, says in read(code, written))


@pytest.mark.parametrize("glued", [b"x", b"xy", b"xyz", b"id", b"9", b"a1b2c3d"])
def test_what_stands_right_before_the_run_does_not_hide_it(glued):
    assert SECRET in read(BASE_64, glued + base64.b64encode(SECRET))[0][2]
    assert SECRET in read(BASE_32_RUNS, glued[:1] + base64.b32encode(SECRET))[0][2]
    assert SECRET in read(HEXADECIMAL, b"f" + SECRET.hex().encode())[0][2]


def test_the_run_is_whole_with_its_padding():
    written = base64.b64encode(b"jane.roe@example.com, 41")
    assert read(BASE_64, b'{"a":"' + written + b'"}')[0][:2] == (6, 6 + len(written))
    padded = base64.b64encode(b"jane.roe@example.com")
    assert padded.endswith(b"=")
    assert read(BASE_64, padded)[0][:2] == (0, len(padded))
    assert BASE_64.pieces(b"") is not None


def test_bytes_written_apart():
    assert read(SEPARATED, SECRET.hex(" ").encode())[0] == (0, 47, apart((SECRET,)))
    assert SECRET in read(SEPARATED, b"[" + SECRET.hex(":").encode() + b"]")[0][2]
    assert SECRET in read(SEPARATED, ", ".join(f"0x{byte:02x}" for byte in SECRET).encode())[0][2]


def test_a_json_escape_is_not_cut_in_two():
    written = base64.b64encode(SECRET)
    assert read(BASE_64, b'"\\n' + written + b'"')[0][0] == 3
    assert read(BASE_64, b'"\\u000a' + written + b'"')[0][0] == 7


def test_wide_text_compressed_data_and_look_alikes_are_worth_reading():
    for data in (
        "card 41".encode("utf-16-le"),
        b"\x1f\x8b\x08" + bytes(20),
        "\uff14\uff11\uff11\uff11\uff11\uff11\uff11".encode(),
    ):
        assert segments(data)
        for code, encode in ((BASE_64, base64.b64encode), (BASE_32_RUNS, base64.b32encode)):
            assert data in read(code, encode(data).rstrip(b"="))[0][2]
        assert data in read(HEXADECIMAL, data.hex().encode())[0][2]


@pytest.mark.parametrize(
    "text",
    [
        b'{"id":"8da8c1ab-77b8-4201-9802-900a3777fe9d","orderNo":6011719527015069}',
        b"commit 1bb3a16d269df26b40c2db0a475ddfac4dfc44b6",
        b"internationalisation of customer_email_address",
        b"vault:v1:guwnQvvR7Z7xAh91JXqBkh+hKoeJJw5G",
    ],
)
def test_ids_and_words_say_nothing(text):
    assert [says for code in CODES for _, _, says in read(code, text)] == []


def test_random_bytes_hold_no_text():
    assert segments(bytes(range(0x80, 0x100))) == []
    assert segments(b"a\x80" * 50) == []


@pytest.mark.parametrize(("size", "least"), [(100, 6), (1000, 10), (10_000, 16)])
def test_the_more_bytes_the_more_text_is_asked_for(size, least):
    assert segments(bytes(size - 60) + b"\xff" + b"4" * least + b"\xff" + bytes(40)) == [b"4" * least]
    assert segments(bytes(size - 60) + b"\xff" + b"4" * (least - 1) + b"\xff" + bytes(40)) == []
