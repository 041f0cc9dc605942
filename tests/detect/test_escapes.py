from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import escaped
from zoneproxy.detect.escapes import SHAPE, Plain, shape_for
from zoneproxy.detect.patterns import compile_pattern


@given(st.text().flatmap(lambda text: st.tuples(st.just(text), escaped(text))))
def test_the_text_is_what_a_parser_reads(pair):
    text, written = pair
    source = written.encode(errors="surrogatepass")
    assert Plain(source).text == text.encode(errors="surrogatepass")
    assert json.loads(f'"{written}"') == text


@given(st.text(min_size=1).flatmap(lambda text: st.tuples(escaped(text), st.data())))
def test_spans_map_back_to_whole_escapes(pair):
    written, data = pair
    plain = Plain(written.encode(errors="surrogatepass"))
    characters = plain.text.decode(errors="surrogatepass")
    start = data.draw(st.integers(0, len(characters) - 1))
    end = data.draw(st.integers(start + 1, len(characters)))
    first, last = (len(characters[:at].encode(errors="surrogatepass")) for at in (start, end))
    begin, finish = plain.source_span(first, last)
    source = written.encode(errors="surrogatepass")
    assert Plain(source[begin:finish]).text == plain.text[first:last]
    assert Plain(source[:begin]).text + plain.text[first:last] + Plain(source[finish:]).text == plain.text


@pytest.mark.parametrize("source", [rb"\x41", b"a\\", rb"\u12", rb"\q\u00G0", b"plain"])
def test_what_is_no_escape_stays(source):
    assert Plain(source).text == source


def test_all_short_escapes():
    assert Plain(rb"\"\\\/\b\f\n\r\t").text == b'"\\/\b\f\n\r\t'


@pytest.mark.parametrize("char", "0123456789ABCXYZabcxyz@.-_ :/^")
def test_stage_1_stops_at_escapes_that_could_hide_something(char):
    pattern = compile_pattern(SHAPE)
    assert pattern.search(b"\\u%04x" % ord(char))
    assert pattern.search(b"\\u%04X" % ord(char))


def test_stage_1_passes_escapes_that_hide_nothing():
    pattern = compile_pattern(SHAPE)
    assert not pattern.search(rb"\u003c \u0026 \u0022 \u00e9t\u00e9 \u4e2d\u6587 \n\t")
    assert pattern.search(rb"\u00e94")


@pytest.mark.parametrize(
    ("said", "escape"),
    [
        ("#", rb"\u0023"),
        ("k", rb"\u006B"),
        ("/", rb"\/"),
        ("\n", rb"\n"),
        ('"', rb"\""),
        ("\\", rb"\\"),
        ("\xe4", rb"\u00e4"),
    ],
)
def test_who_looks_for_other_characters_has_stage_1_stop_at_their_escapes(said, escape):
    assert compile_pattern(shape_for(said.encode("latin-1"))).search(escape)
    assert not compile_pattern(shape_for(b"+")).search(escape)
