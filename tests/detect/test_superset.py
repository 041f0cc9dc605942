"""Whatever stage 2 finds, stage 1 has pointed at: for every detector, in batches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.packs.samples import TEMPLATES, samples_of
from tests.detect.places import check_points_at_findings
from tests.detect.samples import escaped
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.scanner import Scanner
from zoneproxy.wire.record import Record

BESIDE = st.text("0123456789 .-+abAB|,:/_", max_size=12)
FILLERS = st.sampled_from(["", " ", ", ", "x" * 20, "y " * 60])


@st.composite
def texts(draw: st.DrawFn, type_: str) -> str:
    """A sample as a text, in a JSON document, in a table, or in an HL7 message."""
    word, _, value = draw(st.sampled_from(samples_of(type_))).rpartition(TEMPLATES[type_][0] + " ")
    word = TEMPLATES[type_][0]
    filler = draw(FILLERS)
    form = draw(st.integers(0, 8))
    if form == 0:
        return draw(BESIDE) + f"{word}{draw(st.sampled_from([' ', ': ', '=', chr(10)]))}{value}" + draw(BESIDE)
    if form == 1:
        return draw(st.sampled_from([value, value + draw(BESIDE), draw(BESIDE) + value]))
    if form == 2:
        return f"id,{word},note\n1,{value},x\n{filler}2,{value},y\n"
    if form == 3:
        return f"MSH|^~\\&|A|B|C|D|E||F|{value}|P\rPID|1||{value}^^^H||n^n||{value}|F|||a||{value}|||||||{value}\r"
    name = draw(st.sampled_from([word, word.replace(" ", "_"), word.title().replace(" ", ""), word.upper(), "x"]))
    inner = json.dumps(value, ensure_ascii=False)
    if draw(st.booleans()):
        inner = '"' + draw(escaped(value)) + '"'
    if form == 4:
        return f'{{"a":"{filler}","{name}":{inner},"b":1}}'
    if form == 5:
        return f'{{"{name}":{{"a":[1,2],"b":"{filler}","c":{{"d":{inner}}}}}}}'
    if form == 6:
        return f'{{"system":"{name}","use":"x","value":{inner}}}'
    if form == 7:
        return f'{{"{name}":true,"value":{inner}}}'
    return f'{{"{name}":"{filler}{inner[1:-1]}"}}'


@st.composite
def batches(draw: st.DrawFn, type_: str) -> list[Record]:
    records = []
    parts = st.one_of(texts(type_), BESIDE).map(lambda text: text.encode(errors="surrogatepass"))
    names = st.one_of(BESIDE, st.just(TEMPLATES[type_][0].replace(" ", "-"))).map(str.encode)
    for delta in range(draw(st.integers(1, 2))):
        headers = draw(st.lists(st.tuples(names, parts), max_size=1))
        records.append(Record(0, 0, delta, draw(st.none() | parts), draw(parts), headers))
    return records


@pytest.mark.parametrize("type_", DETECTORS)
@given(data=st.data())
@settings(max_examples=30)
def test_stage_1_points_at_every_record_with_a_finding(type_: str, data: st.DataObject) -> None:
    check_points_at_findings(Scanner.of(frozenset({type_})), data.draw(batches(type_)))


@pytest.mark.parametrize("type_", DETECTORS)
def test_samples_are_found(type_: str) -> None:
    assert samples_of(type_)


PIECES = st.sampled_from(
    [
        *(
            "0123456789",
            "12",
            "4",
            "-",
            ".",
            ":",
            "/",
            " ",
            "+",
            "|",
            ",",
            '"',
            "\\",
            "{",
            "}",
            "\n",
            "\u00e9",
            "@",
            "=",
            ";",
            "^",
        ),
        *(
            "A",
            "AB",
            "abc",
            "x",
            "0x",
            "1.2.3.4",
            "::",
            "eyJ",
            "password",
            "-----BEGIN PRIVATE",
            " KEY-----",
            "bc1",
            "://",
        ),
        *(sample for type_ in ("PHONE", "DATE_OF_BIRTH", "IP_ADDRESS", "FR_NIR") for sample in samples_of(type_)),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=400)
def test_no_text_makes_a_scan_fail(text: str) -> None:
    data = text.encode()
    for finding in Scanner.of(frozenset(DETECTORS)).scan(data):
        assert 0 <= finding.start < finding.end <= len(data)
        assert 0 < finding.confidence <= 1


@pytest.mark.parametrize("type_", DETECTORS)
def test_no_escape_of_a_separator_hides_a_sample(type_: str) -> None:
    """JSON in which one character that is neither letter nor digit is escaped, in any way there is."""
    scanner = Scanner.of(frozenset({type_}))
    for sample in samples_of(type_):
        for sign in {sign for sign in sample if sign.isascii() and sign.isprintable() and not sign.isalnum()}:
            escapes = [f"\\u{ord(sign):04x}", f"\\u{ord(sign):04X}", *(["\\/"] if sign == "/" else [])]
            for escape in escapes:
                document = f'{{"x":"{sample.replace(sign, escape)}"}}'.encode()
                assert scanner.suspicious(document) or not scanner.scan(document)
