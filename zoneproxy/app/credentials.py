"""``zoneproxy credentials``: who has a password, changed safely in the file that holds the verifiers."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.app.files import absolute, read_text
from zoneproxy.app.replacing import locked, replace, stamp
from zoneproxy.config.load import parse_config
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.identity.sasl.credentials_file import users_of, with_password, without_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def credentials_file(config: Path) -> Path:
    """The file that a configuration names. Raises InvalidConfiguration if it names none."""
    problems: list[Problem] = []
    text = read_text(config, str(config), problems)
    if text is None:
        raise InvalidConfiguration(problems)
    named = absolute(parse_config(text, str(config)), config.parent).credentials
    if named is None:
        hint = "credentials: {file: credentials.yaml}, or name a file with --file"
        raise InvalidConfiguration([Problem(str(config), 0, 0, "there are no `credentials` in here", hint)])
    return Path(named.file)


def set_password(file: Path, user: str, password: Callable[[], str], iterations: int) -> str:
    """Give a user a password; what was done, in a sentence. ``password`` is asked once all else is well.

    A file that is not there yet is made, for its owner's eyes only. Raises InvalidConfiguration.
    """
    with _open(file) as text:
        if text is not None:
            users_of(text, str(file))
    secret = password()
    with _open(file) as text:
        if text is None:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        seen = stamp(file)
        changed, there = with_password(text, str(file), user, secret, iterations)
        replace(file, changed, seen)
    return f"{file}: `{user}` has a {'new ' if there else ''}password"


def remove(file: Path, user: str) -> str:
    """Take a user out; what was done, in a sentence. Raises InvalidConfiguration."""
    with _open(file) as text:
        seen = stamp(file)
        changed = None if text is None else without_user(text, str(file), user)
        if changed is None:
            raise InvalidConfiguration([Problem(str(file), 0, 0, f"there is no user `{user[:60]}`")])
        replace(file, changed, seen)
    return f"{file}: `{user}` is gone"


def users(file: Path) -> Mapping[str, tuple[str, ...]]:
    """Each user and the mechanisms there are verifiers for. Raises InvalidConfiguration."""
    problems: list[Problem] = []
    text = read_text(file, str(file), problems)
    if text is None:
        raise InvalidConfiguration(problems)
    return users_of(text, str(file))


@contextmanager
def _open(file: Path) -> Iterator[str | None]:
    """The text of a file, None if there is none or nothing in it; nobody else changes it meanwhile."""
    problems: list[Problem] = []
    with locked(file.parent):
        text = read_text(file, str(file), problems) if file.exists() else None
        if problems:
            raise InvalidConfiguration(problems)
        yield text or None
