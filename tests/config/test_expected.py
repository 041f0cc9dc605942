from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from zoneproxy.config.expected import Expected, did_you_mean


class Inner(BaseModel):
    """A part."""

    word: Literal["only this"]
    colour: Literal["red", "green"] = "red"
    size: Annotated[int, Field(description="in metres")] = 1


class Outer(BaseModel):
    one: Inner
    many: list[Inner] = []
    named: dict[str, Inner | None] = {}


EXPECTED = Expected(TypeAdapter(Outer))
WITHIN_INNER = {"word", "colour", "size"}


def test_near_words_are_suggested() -> None:
    assert did_you_mean("listner", ["listeners", "limits"]) == "did you mean `listeners`?"


def test_far_words_are_answered_with_what_there_is() -> None:
    assert did_you_mean("qqq", ["b", "a"]) == "known: `a`, `b`"
    assert did_you_mean("qqq", []) == ""
    assert did_you_mean("qqq", [f"z{n:02}" for n in range(20)]).endswith("`z11`, ...")


def test_words_of_later_versions_are_known_as_such() -> None:
    assert "come later" in did_you_mean("namespace", ["name"])


def test_finds_keys_at_any_place() -> None:
    assert EXPECTED.keys(()) == {"one", "many", "named"}
    assert EXPECTED.keys(("one",)) == WITHIN_INNER
    assert EXPECTED.keys(("many", 3)) == WITHIN_INNER
    assert EXPECTED.keys(("named", "anything")) == WITHIN_INNER
    assert EXPECTED.keys(("nowhere", 1, "x")) == set()


def test_knows_choices_and_hints() -> None:
    assert EXPECTED.choices(("one", "colour")) == {"red", "green"}
    assert EXPECTED.choices(("one",)) == set()
    assert EXPECTED.hint(("one", "word")) == 'write it out: "only this"'
    assert EXPECTED.hint(("one", "colour")) == "one of: red, green"
    assert EXPECTED.hint(("many", 0, "size")) == "in metres"
    assert EXPECTED.hint(("one",)) == ""
