"""``zoneproxy grant`` and ``zoneproxy revoke``: grants in the policy files, changed safely.

Under a lock, checked as a whole with everything else that the policies say before anything is replaced, and then
replaced at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.app.files import POLICY_SUFFIXES, read_policies
from zoneproxy.app.load import policies_from
from zoneproxy.app.replacing import locked, replace, stamp
from zoneproxy.config.expected import did_you_mean
from zoneproxy.config.located import read_yaml
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.grant_text import add_grant, remove_grants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from zoneproxy.config.model import Config

NEW_FILE = "grants.yaml"

Grant = dict[str, str | bool]
"""One entry of ``grants:`` as it is written."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one file."""

    file: Path
    before: str
    after: str
    grants: tuple[Grant, ...]  # that were added or taken away


@dataclass(frozen=True, slots=True)
class Done:
    """What has become of the policies. ``digest`` is that of the new ones."""

    changes: tuple[Change, ...]
    digest: str


def grant(directory: Path, config: Config | None, entry: Grant, file: str | None = None) -> Done:
    """Add a grant to a policy file: to ``file`` of the directory, or the one that has grants, or a new one.

    Args:
        directory: of the policy files.
        config: what they must fit together with; None: that is not checked.
        entry: what is to be written.
        file: a name in the directory.

    Raises:
        InvalidConfiguration: the policies would not be right with it, or cannot be written. Nothing was changed then.
    """

    if file is not None and (Path(file).name != file or file[0] == "." or Path(file).suffix not in POLICY_SUFFIXES):
        hint = "a name like oncall.yaml, of a file in the directory"
        raise InvalidConfiguration([Problem(str(directory), 0, 0, f"`{file[:60]}` is no policy file of it", hint)])

    def added(texts: Mapping[Path, str]) -> list[Change]:
        path = directory / file if file else _place(directory, texts)
        before = texts.get(path, "")
        return [Change(path, before, add_grant(before, entry, str(path)), (entry,))]

    return _change(directory, config, added)


def revoke(directory: Path, config: Config | None, holder: tuple[str, str], role: str, now: float) -> Done:
    """Take away every grant of a role to somebody that is in force at ``now`` or later. Those over stay as a record.

    ``holder`` is (``principal`` or ``group``, name); otherwise as ``grant``. Where there is none, that is a problem.
    """

    def removed(texts: Mapping[Path, str]) -> list[Change]:
        changes = []
        for path, text in texts.items():
            grants = _grants(text)
            gone = [index for index, each in enumerate(grants) if _is(each, holder, role, now)]
            if gone:
                after = remove_grants(text, gone, str(path))
                changes.append(Change(path, text, after, tuple(grants[index] for index in gone)))
        if not changes:
            held = {str(each.get("role")) for text in texts.values() for each in _grants(text) if _of(each, holder)}
            message = f"{' '.join(holder)} has no grant of the role `{role}` that is not over"
            raise InvalidConfiguration([Problem(str(directory), 0, 0, message, did_you_mean(role, held))])
        return changes

    return _change(directory, config, removed)


def _change(directory: Path, config: Config | None, edit: Callable[[Mapping[Path, str]], list[Change]]) -> Done:
    with locked(directory):
        problems: list[Problem] = []
        seen = {path: stamp(path) for path in directory.iterdir()}  # before they are read
        sources = read_policies(directory, problems)
        texts = {Path(name): text for name, text in sources}
        if problems:
            raise InvalidConfiguration(problems)
        policies_from(sources, config)  # what was wrong before is not blamed on the change
        changes = edit(texts)
        texts |= {change.file: change.after for change in changes}
        snapshot = policies_from([(str(path), text) for path, text in sorted(texts.items())], config)
        for change in changes:
            replace(change.file, change.after, seen.get(change.file))
        return Done(tuple(changes), snapshot.digest)


def _place(directory: Path, texts: Mapping[Path, str]) -> Path:
    """The one file that has grants already; a new one where there are none or several."""
    having = [path for path, text in texts.items() if _grants(text)]
    return having[0] if len(having) == 1 else directory / NEW_FILE


def _grants(text: str) -> Sequence[Grant]:
    data = read_yaml(text, "", []).data
    grants = data.get("grants") if isinstance(data, dict) else None
    return grants if isinstance(grants, list) else []


def _of(entry: Grant, holder: tuple[str, str]) -> bool:
    return entry.get(holder[0]) == holder[1]


def _is(entry: Grant, holder: tuple[str, str], role: str, now: float) -> bool:
    return _of(entry, holder) and entry["role"] == role and _end(entry) > now


def _end(entry: Grant) -> float:
    return datetime.fromisoformat(str(entry["until"])).timestamp()
