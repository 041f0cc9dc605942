"""Reading files as text: whatever is wrong with one is a ``Problem`` of that file, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zoneproxy.config.model import Config
    from zoneproxy.config.validation import Section

MAX_TEXT_BYTES = 8 * 1024 * 1024  # far above any policy; keeps a wrong path (a log, a device) from being read whole
POLICY_SUFFIXES = (".yaml", ".yml")


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """The text of a file, or None and a problem under ``name``."""
    try:
        if path.exists() and not path.is_file():
            problems.append(Problem(name, 0, 0, "is not a file"))
            return None
        with path.open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        problems.append(Problem(name, 0, 0, f"cannot be read: {error.strerror}"))
        return None
    if len(data) > MAX_TEXT_BYTES:
        problems.append(Problem(name, 0, 0, f"is larger than {MAX_TEXT_BYTES // 1024 // 1024} MiB"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(name, line, 1, "is not UTF-8 text", "save it as UTF-8"))
        return None


def read_policies(directory: Path, problems: list[Problem]) -> Sequence[tuple[str, str]]:
    """(name, text) of every policy file of a directory, in the order of their names.

    Hidden files are left out: editors and Kubernetes keep their own there. Folders inside are not looked into.
    """
    try:
        found = sorted(path for path in directory.iterdir() if path.suffix in POLICY_SUFFIXES and path.name[0] != ".")
    except OSError as error:
        problems.append(Problem(str(directory), 0, 0, f"cannot be read: {error.strerror}", "`policies` is a directory"))
        return []
    if not found:
        problems.append(Problem(str(directory), 0, 0, "no policy files in here", "they are called *.yaml"))
    texts = [(str(path), read_text(path, str(path), problems)) for path in found]
    return [(name, text) for name, text in texts if text is not None]


def absolute(config: Config, folder: Path) -> Config:
    """The configuration with every file name taken from ``folder``, where the configuration file is."""

    def resolved(name: str) -> str:
        return str(folder / Path(name).expanduser())

    listeners = tuple(
        each.model_copy(update={"tls": _resolve(each.tls, resolved, "certificate", "key", "client_ca")})
        for each in config.listeners
    )
    upstreams = {
        name: each.model_copy(update={"tls": _resolve(each.tls, resolved, "certificate", "key", "ca")})
        for name, each in config.upstreams.items()
    }
    update = {
        "listeners": listeners,
        "upstreams": upstreams,
        "keys": {name: _resolve(each, resolved, "file") for name, each in config.keys.items()},
        "policies": resolved(config.policies),
        "admin": _resolve(config.admin, resolved, "token_file"),
        "credentials": _resolve(config.credentials, resolved, "file"),
        "oauth": {
            name: each.model_copy(update={"jwks": _resolve(each.jwks, resolved, "file", "ca")})
            for name, each in config.oauth.items()
        },
    }
    return config.model_copy(update=update)


def _resolve(section: Section | None, resolved: Callable[[str], str], *fields: str) -> Section | None:
    """A copy of the section with those of its fields that name files made absolute."""
    if section is None:
        return None
    named = {field: getattr(section, field) for field in fields}
    return section.model_copy(update={field: resolved(name) for field, name in named.items() if name is not None})
