from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.config import located
from zoneproxy.config.located import Located, read_yaml
from zoneproxy.errors import Problem

NESTED = """\
listeners:
  - name: payments
    ports: {bootstrap: 9092, "first": 9100}
  - plain
empty:
"""


def read(text: str) -> tuple[Located, list[str]]:
    problems: list[Problem] = []
    return read_yaml(text, "x.yaml", problems), [str(problem) for problem in problems]


def test_data_and_the_place_of_each_part() -> None:
    document, problems = read(NESTED)
    assert problems == []
    assert document.data == {
        "listeners": [{"name": "payments", "ports": {"bootstrap": 9092, "first": 9100}}, "plain"],
        "empty": None,
    }
    assert document.place(("listeners", 0, "name")) == (2, 11)
    assert document.place(("listeners", 0, "ports", "first")) == (3, 39)
    assert document.place(("listeners", 0, "ports", "first"), key=True) == (3, 30)
    assert document.place(("listeners", 1)) == (4, 5)


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    document, _ = read(NESTED)
    assert document.place(("listeners", 0, "ports", "node_ids")) == (3, 12)
    assert document.place(("listeners", 0, "ports", "node_ids"), key=True) == (3, 12)
    assert document.place(("nothing", 7)) == (1, 1)
    assert Located("y.yaml").problem(("a",), "is odd") == Problem("y.yaml", 0, 0, "is odd")


def test_quoted_words_are_text() -> None:
    assert read("a: \"1.3\"\nb: 'true'\nc: |\n  12\nd: 12")[0].data == {"a": "1.3", "b": "true", "c": "12\n", "d": 12}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff"])
def test_nothing_is_nothing(text: str) -> None:
    assert read(text) == (Located("x.yaml", None, read(text)[0].values, {}), [])


def test_the_same_key_twice() -> None:
    document, problems = read("a: 1\nb: {c: 2, c: {d: [3]}}\na: 4\n")
    assert document.data == {"a": 1, "b": {"c": 2}}
    assert problems == [
        "x.yaml:2:11: `c` is written twice (the first one is in line 2)",
        "x.yaml:3:1: `a` is written twice (the first one is in line 1)",
    ]


@pytest.mark.parametrize("text", ["a: &x 1\n", "a: *x\n", "a: [&x b]\n", "&x a: 1\n", "a: &x {b: 1}\n", "a: *\n"])
def test_no_anchors_and_no_aliases(text: str) -> None:
    _, problems = read(text)
    assert len(problems) == 1
    assert "anchors" in problems[0] or "not YAML" in problems[0]


def test_a_bomb_of_aliases_stays_small() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    document, problems = read("\n".join(lines))
    assert len(document.values) < 500
    assert problems


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [x]\n", "a: !!str 1\n", "a: !x {}\n", "!x a: 1\n"]
)
def test_no_tags(text: str) -> None:
    _, problems = read(text)
    assert len(problems) == 1
    assert "tags (!) are not used here" in problems[0]


def test_keys_are_plain_words() -> None:
    assert "a key must be a plain word" in read("? [a, b]\n: 1\n")[1][0]
    assert "a key must be a plain word" in read("{a: 1}: 1\n")[1][0]
    assert read("1: x\ntrue: y\n")[0].data == {"1": "x", "true": "y"}


def test_one_document_only() -> None:
    document, problems = read("a: 1\n---\nb: 2\n")
    assert document.data is None
    assert problems == ["x.yaml:2:1: a second document starts here (one file holds one document)"]


def test_what_is_not_yaml_says_where() -> None:
    _, problems = read("a: 1\nb: [1, 2\nc: 3\n")
    assert len(problems) == 1
    assert problems[0].startswith("x.yaml:3:")
    assert "not YAML" in problems[0]


@pytest.mark.parametrize("text", ["a: \x00", "a: \ud800", 'a: "\\ud800"'])
def test_characters_that_are_none(text: str) -> None:
    document, problems = read(text)
    assert document.data in (None, {"a": None})
    assert len(problems) == 1


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 30 + "}" * 30, "- " * 5000])
def test_depth_is_bounded(text: str) -> None:
    _, problems = read(text)
    assert any("nested too deeply" in problem for problem in problems)


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "larger than" in read("#" * (located.MAX_CHARACTERS + 1))[1][0]
    monkeypatch.setattr(located, "MAX_PARTS", 100)
    assert "too many parts" in read("[" + "x," * 200 + "]")[1][0]


def test_works_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read(NESTED)
    monkeypatch.setattr(located, "_LOADER", yaml.SafeLoader)
    assert read(NESTED)[0].data == fast[0].data
    assert read(NESTED)[0].values == fast[0].values
    assert read('a: "\\ud800"')[1] == ["x.yaml:1:4: half of a surrogate pair is not a character"]


@given(st.text(alphabet="ab:-{}[],&*!|>'\"#?% \n\t0.\x00\ud800é") | st.text())
def test_any_text_gives_data_or_problems(text: str) -> None:
    document, problems = read(text)
    assert problems or document.data is not None or not document.keys


TREE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(categories=["L", "Nd", "P"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(TREE)
def test_reads_back_what_another_writer_wrote(tree: object) -> None:
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    document, problems = read(yaml.dump(tree, Dumper=Dumper, allow_unicode=True))
    assert (document.data, problems) == (tree, [])
