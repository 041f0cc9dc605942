"""The texts of tests/*.yaml → cases, or every problem in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoneproxy.config.expected import did_you_mean
from zoneproxy.config.located import Located, read_yaml
from zoneproxy.config.validation import validate
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.cases.documents import CaseDocument, CasesDocument
from zoneproxy.policy.controls import Control
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import PLAINTEXT, Origin

SECTIONS = tuple(CasesDocument.model_fields)


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    ``questions``: one for each operation; all are to have the answer ``expect`` (allow, deny or unknown). ``at`` is
    in seconds since the epoch, None for now. ``by``: roles and flows that are to have a part in it. ``controls``: all
    that records are to meet, None if that is not asked.
    """

    name: str
    origin: Origin
    questions: tuple[Question, ...]
    at: float | None
    expect: str
    by: tuple[str, ...]
    controls: tuple[Control, ...] | None


def read_cases(sources: Sequence[tuple[str, str]]) -> tuple[Case, ...]:
    """The cases of all files, (name, text) each.

    Raises:
        InvalidConfiguration: with every problem of every file.
    """
    problems: list[Problem] = []
    cases = [case for name, text in sources for case in _of_file(read_yaml(text, name, problems), problems)]
    if problems:
        raise InvalidConfiguration(problems)
    return tuple(cases)


def _of_file(located: Located, problems: list[Problem]) -> Iterator[Case]:
    data = located.data
    if data is None:
        return
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list):
        problems.append(located.problem((), "a file of tests is a mapping with a list of `cases`", "cases: [...]"))
        return
    for key in data:
        if key not in SECTIONS:
            problems.append(located.problem((key,), f"unknown key `{key}`", did_you_mean(key, SECTIONS), key=True))
    for index, written in enumerate(data["cases"]):
        path = ("cases", index)
        document = validate(CaseDocument, located, path, problems, written)
        if document is not None:
            yield _case(document, Origin(located.file, *located.place(path)))


def _case(written: CaseDocument, origin: Origin) -> Case:
    questions = tuple(
        Question(
            principal=written.principal,
            zone=written.zone,
            operation=operation,
            resource=written.resource,
            name=written.resource_name,
            host=written.host,
            groups=frozenset(written.member_of),
            tls=PLAINTEXT if written.tls == "none" else written.tls,
        )
        for operation in written.operation
    )
    return Case(
        name=written.name,
        origin=origin,
        questions=questions,
        at=None if written.at is None else written.at.timestamp(),
        expect=written.expect,
        by=written.by,
        controls=None if written.controls is None else _controls(written.controls),
    )


def _controls(written: Sequence[ControlDocument]) -> tuple[Control, ...]:
    """What they do; whose rule they are does not matter."""
    return tuple(each for control in written for each in control.as_controls(Surroundings()))
