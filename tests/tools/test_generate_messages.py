from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import pytest

from tools.generate_messages import clients_jar, is_generated, main, sources
from tools.messages_generator.definitions import parse, read_jar
from tools.messages_generator.errors import error_codes_source
from tools.messages_generator.model import NONE, Versions, snake_case
from tools.messages_generator.modules import module_source
from tools.messages_generator.tables import apis_for
from zoneproxy.errors import EncodeError
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer


def field(name: str, kind: str, versions: str = "0+", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "versions": versions, **more}


def definition(*fields: dict[str, Any], **more: Any) -> str:
    """A request of an API that Kafka does not have, in versions 0 to 3, flexible from 2."""
    facts = {
        "apiKey": 999,
        "type": "request",
        "listeners": ["broker"],
        "name": "ProbeRequest",
        "validVersions": "0-3",
        "flexibleVersions": "2+",
        "fields": fields,
    }
    return "// Licence.\n" + json.dumps(facts | more, indent=2)


def generated(text: str, folder: Path) -> Any:
    """The root class of the module that is generated from a definition."""
    probe = parse(text)
    path = folder / "probe.py"
    path.write_text(module_source(probe, "0.0.1"))
    return getattr(_imported(path), probe.name)


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("probe", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(message: Any, version: int) -> bytes:
    w = Writer()
    message.write(w, version)
    return w.getvalue()


def check(message: Any, raws: dict[int, bytes]) -> None:
    """The message is written as these bytes, by version, and read from them."""
    for version, raw in raws.items():
        assert written(message, version) == raw, version
        assert type(message).read(Reader(raw), version) == message, version


# --- facts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TopicData", "topic_data"),
        ("NodeId", "node_id"),
        ("ISRNodes", "isr_nodes"),
        ("V3AndBelowTopics", "v3_and_below_topics"),
        ("timeoutMs", "timeout_ms"),
    ],
)
def test_names_are_written_as_in_python(name: str, expected: str) -> None:
    assert snake_case(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("none", NONE), ("3", Versions(3, 3)), ("3-9", Versions(3, 9)), ("3+", Versions(3, 0x7FFF))],
)
def test_versions_are_read_as_kafka_writes_them(text: str, expected: Versions) -> None:
    assert Versions.parse(text) == expected


def test_versions_are_cut_and_joined() -> None:
    assert Versions(1, 5) & Versions(3, 9) == Versions(3, 5)
    assert not Versions(1, 2) & Versions(3, 4)
    assert Versions(1, 2).hull(Versions(5, 6)) == Versions(1, 6)
    assert NONE.hull(Versions(5, 6)) == Versions(5, 6)


# --- fields --------------------------------------------------------------------------------------------------


def test_fields_of_all_versions(tmp_path: Path) -> None:
    probe = generated(definition(field("Class", "string"), field("Count", "int16"), field("Yes", "bool")), tmp_path)
    message = probe(class_="ab", count=3, yes=True)
    check(message, {0: b"\x00\x02ab\x00\x03\x01", 2: b"\x03ab\x00\x03\x01\x00"})
    assert (probe.API_KEY, probe.MIN_VERSION, probe.MAX_VERSION, probe.FLEXIBLE_FROM) == (999, 0, 3, 2)


def test_defaults(tmp_path: Path) -> None:
    fields = [
        field("Number", "int32", default="0x7fffffff"),
        field("Minus", "int64", default=-1),
        field("Truth", "bool", default="true"),
        field("Lie", "bool", default=False),
        field("Text", "string"),
        field("Nothing", "string", nullableVersions="0+", default="null"),
        field("Raw", "bytes"),
        field("Batches", "records", nullableVersions="0+"),
        field("Id", "uuid"),
        field("Ratio", "float64"),
        field("Many", "[]int8"),
        field("NoList", "[]string", nullableVersions="0+", default="null"),
        field("Inner", "Inner", fields=[field("Deep", "int8", default="5")]),
        field("NoInner", "Other", nullableVersions="0+", default="null", fields=[field("Deep", "int8")]),
    ]
    probe = generated(definition(*fields), tmp_path)()
    assert (probe.number, probe.minus, probe.truth, probe.lie) == (0x7FFFFFFF, -1, True, False)
    assert (probe.text, probe.nothing, probe.raw, probe.batches, probe.id) == ("", None, b"", b"", bytes(16))
    assert (probe.ratio, probe.many, probe.no_list, probe.inner.deep, probe.no_inner) == (0.0, [], None, 5, None)
    check(probe, {0: written(probe, 0), 3: written(probe, 3)})


def test_a_field_that_came_later_is_lost_only_if_it_may_be(tmp_path: Path) -> None:
    fields = [field("Old", "int8"), field("New", "int8", "1+"), field("Extra", "int8", "3+", ignorable=True)]
    probe = generated(definition(*fields), tmp_path)
    check(probe(old=1, new=2, extra=3), {3: b"\x01\x02\x03\x00"})
    assert written(probe(old=1, new=2, extra=3), 1) == b"\x01\x02"
    assert written(probe(old=1), 0) == b"\x01"
    with pytest.raises(EncodeError, match=r"ProbeRequest\.new"):
        written(probe(old=1, new=2), 0)


def test_a_field_that_went_away_is_lost_only_if_it_may_be(tmp_path: Path) -> None:
    fields = [field("Name", "string", "0-2"), field("Hint", "string", "1-1", ignorable=True), field("Last", "int8")]
    probe = generated(definition(*fields), tmp_path)
    check(probe(name="a", last=1), {0: b"\x00\x01a\x01", 1: b"\x00\x01a\x00\x00\x01", 2: b"\x02a\x01\x00"})
    assert written(probe(hint="gone"), 3) == b"\x00\x00"
    with pytest.raises(EncodeError, match=r"ProbeRequest\.name"):
        written(probe(name="a"), 3)


def test_fields_of_no_valid_version_do_not_exist(tmp_path: Path) -> None:
    probe = generated(definition(field("Ancient", "int8", "0"), field("Now", "int8"), validVersions="1-3"), tmp_path)
    assert probe.__slots__ == ("now", "unknown_tags")


def test_null_is_refused_where_the_version_has_none(tmp_path: Path) -> None:
    fields = [field("Names", "[]string", nullableVersions="1+"), field("Text", "string", nullableVersions="3+")]
    probe = generated(definition(*fields), tmp_path)
    check(probe(names=["a"], text="b"), {0: b"\x00\x00\x00\x01\x00\x01a\x00\x01b", 2: b"\x02\x02a\x02b\x00"})
    check(probe(names=None, text=None), {3: b"\x00\x00\x00"})
    check(probe(names=None, text="b"), {1: b"\xff\xff\xff\xff\x00\x01b", 2: b"\x00\x02b\x00"})
    for version in (0, 1, 2):
        with pytest.raises(EncodeError, match="null"):
            written(probe(names=None, text=None), version)


def test_numbers_side_by_side_are_read_and_written_at_once() -> None:
    fields = [field("A", "int8"), field("B", "int64"), field("C", "string"), field("D", "int8"), field("E", "bool")]
    text = module_source(parse(definition(*fields)), "0.0.1")
    assert '_INT8_INT64: Final = Layout(">bq")' in text
    assert "self.a, self.b = r.fixed(_INT8_INT64)" in text
    assert "w.fixed(_INT8_BOOLEAN, self.d, self.e)" in text


def test_numbers_side_by_side_of_several_versions(tmp_path: Path) -> None:
    fields = [field("A", "int8"), field("B", "int8", "1+"), field("C", "int8", "0-1"), field("D", "int8", "2+")]
    probe = generated(definition(*fields), tmp_path)
    check(probe(a=1), {0: b"\x01\x00", 1: b"\x01\x00\x00", 2: b"\x01\x00\x00\x00"})
    check(probe(a=1, b=2, c=3), {1: b"\x01\x02\x03"})
    check(probe(a=1, b=2, d=4), {3: b"\x01\x02\x04\x00"})
    for lost, version in ((probe(b=1), 0), (probe(c=1), 2), (probe(d=1), 1)):
        with pytest.raises(EncodeError):
            written(lost, version)


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uuid", "string"])
def test_arrays_of_scalars(kind: str, tmp_path: Path) -> None:
    values = {"uuid": [bytes(range(16))], "string": ["a", "b"]}.get(kind, [1, -1])
    message = generated(definition(field("Values", f"[]{kind}")), tmp_path)(values=values)
    check(message, {version: written(message, version) for version in range(4)})


# --- structs -------------------------------------------------------------------------------------------------


def test_arrays_of_structs(tmp_path: Path) -> None:
    inner = [field("Id", "int8", mapKey=True), field("More", "int8", "3+", ignorable=True)]
    probe = generated(definition(field("Items", "[]Item", fields=inner)), tmp_path)
    for version, raw in {0: b"\x00\x00\x00\x02\x01\x02", 3: b"\x03\x01\x00\x00\x02\x05\x00\x00"}.items():
        message = probe.read(Reader(raw), version)
        assert [item.id for item in message.items] == [1, 2]
        check(message, {version: raw})


def test_common_structs_know_all_versions_they_are_used_in(tmp_path: Path) -> None:
    common = [{"name": "Shared", "versions": "0+", "fields": [field("Id", "int8"), field("Late", "int8", "3+")]}]
    text = definition(field("Old", "[]Shared", "0-1"), field("New", "[]Shared", "2+"), commonStructs=common)
    probe = parse(text)
    assert list(probe.structs) == ["Shared", "ProbeRequest"]
    assert probe.structs["Shared"].versions == Versions(0, 3)
    kind = generated(text, tmp_path)
    assert kind.read(Reader(b"\x02\x01\x09\x00\x00"), 3).new[0].late == 9


def test_nullable_structs(tmp_path: Path) -> None:
    inner = field("Inner", "Inner", "1+", nullableVersions="1+", default="null", fields=[field("Id", "int8")])
    probe = generated(definition(inner), tmp_path)
    check(probe(), {0: b"", 1: b"\xff", 2: b"\xff\x00"})
    read = probe.read(Reader(b"\x01\x07\x00\x00"), 2)
    assert read.inner.id == 7
    check(read, {1: b"\x01\x07", 2: b"\x01\x07\x00\x00"})
    with pytest.raises(EncodeError, match=r"ProbeRequest\.inner"):
        written(read, 0)


# --- tagged fields -------------------------------------------------------------------------------------------


def tagged(name: str, kind: str, tag: int, since: str = "2+", **more: Any) -> dict[str, Any]:
    return field(name, kind, since, taggedVersions=since, tag=tag, **more)


def test_tagged_fields_are_written_if_they_differ_from_their_default(tmp_path: Path) -> None:
    fields = [tagged("B", "int8", 1, default="5"), tagged("A", "[]int8", 0), tagged("C", "string", 2, "3+")]
    probe = generated(definition(*fields), tmp_path)
    check(probe(), {0: b"", 2: b"\x00"})
    check(probe(b=6, a=[1, 2]), {2: b"\x02\x00\x03\x03\x01\x02\x01\x01\x06"})
    check(probe(c="x", unknown_tags=((9, b"!"),)), {3: b"\x02\x02\x02\x02x\x09\x01!"})
    with pytest.raises(EncodeError, match=r"ProbeRequest\.b"):
        written(probe(b=6), 1)


def test_a_tag_from_the_future_is_unknown(tmp_path: Path) -> None:
    probe = generated(definition(tagged("Late", "int8", 0, "3+")), tmp_path)
    assert probe.read(Reader(b"\x01\x00\x01\x07"), 3).late == 7
    assert probe.read(Reader(b"\x01\x00\x01\x07"), 2).unknown_tags == ((0, b"\x07"),)


def test_a_tagged_struct_that_is_not_there_is_none(tmp_path: Path) -> None:
    probe = generated(definition(tagged("Leader", "Leader", 0, fields=[field("Id", "int8", default="-1")])), tmp_path)
    assert probe().leader is None
    read = probe.read(Reader(b"\x01\x00\x02\xff\x00"), 2)
    assert read.leader.id == -1
    assert written(read, 2) == b"\x01\x00\x02\xff\x00"


# --- bounds of arrays ----------------------------------------------------------------------------------------


def test_arrays_know_what_an_element_takes_at_least() -> None:
    inner = [field("Id", "int32"), field("Name", "string"), field("Ids", "[]int32", "2+")]
    text = module_source(parse(definition(field("Items", "[]Item", fields=inner))), "0.0.1")
    assert "r.compact_array_length(7, " in text  # 4, two lengths of 1, and no tags
    assert "r.array_length(6, " in text  # 4 and a length of 2


# --- files ---------------------------------------------------------------------------------------------------


def jar(folder: Path, *definitions: str) -> Path:
    path = folder / "kafka-clients-0.0.1.jar"
    with ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "")
        for number, text in enumerate(definitions):
            archive.writestr(f"common/message/{number}.json", text)
    return path


def test_only_apis_of_a_brokers_listener_are_generated(tmp_path: Path) -> None:
    entity = field("Name", "string", entityType="topicName")
    words = field("Errors", "[]Error", fields=[field("ErrorMessage", "string", "1+")])
    items = field("Items", "[]Item", "1+", fields=[field("Groups", "[]string", "0-2", entityType="groupId")])
    response = {"type": "response", "name": "ProbeResponse", "listeners": []}
    path = jar(
        tmp_path,
        definition(entity, items, latestVersionUnstable=True),
        definition(words, **response),
        definition(name="InnerRequest", apiKey=998, listeners=["controller"]),
        definition(name="InnerResponse", apiKey=998, type="response"),
        definition(name="GoneRequest", apiKey=997, validVersions="none"),
        definition(name="RequestHeader", type="header", apiKey=-1, flexibleVersions="none"),
    )
    definitions = read_jar(path)
    assert [api.name for api in apis_for("broker", definitions)] == ["PROBE"]
    files = sources(definitions, "0.0.1")
    assert set(files) == {
        "probe_request.py",
        "probe_response.py",
        "request_header.py",
        "api_keys.py",
        "registry.py",
        "entity_fields.py",
    }
    assert "    PROBE = 999\n" in files["api_keys.py"]
    assert 'Api(ProbeRequest, ProbeResponse, True, frozenset({"broker"}))' in files["registry.py"]
    assert 'EntityField("topicName", ("name",), 0, 3)' in files["entity_fields.py"]
    assert 'EntityField("groupId", ("items", "groups"), 1, 2)' in files["entity_fields.py"]
    assert 'EntityField("errorMessage", ("errors", "error_message"), 1, 3)' in files["entity_fields.py"]
    assert "NEVER_FLEXIBLE" in files["request_header.py"]
    assert "versions 0-3 (the latest unstable), flexible from 2." in files["probe_request.py"]


def test_generated_files_say_so(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(module_source(parse(definition()), "0.0.1"))
    (tmp_path / "written.py").write_text('"""By hand."""\n')
    assert is_generated(tmp_path / "made.py")
    assert not is_generated(tmp_path / "written.py")


def test_error_codes_are_laid_out() -> None:
    long = "A long text. " * 20
    text = error_codes_source(f'1\tONE\t{long}\n-1\tMINUS\tSays "no" \\\n0\tNONE\t', "0.0.1")
    folder: dict[str, Any] = {}
    exec(compile(text, "error_codes", "exec"), folder)
    assert {code.name: code.value for code in folder["ErrorCode"]} == {"MINUS": -1, "NONE": 0, "ONE": 1}
    assert folder["DEFAULT_MESSAGES"] == {-1: 'Says "no" \\', 0: "", 1: long}


def test_a_folder_holds_one_jar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "should hold one" in capsys.readouterr().err
    path = jar(tmp_path)
    assert clients_jar(tmp_path) == path
    (tmp_path / "kafka-clients-0.0.2.jar").touch()
    with pytest.raises(ValueError, match="holds 2"):
        clients_jar(tmp_path)
