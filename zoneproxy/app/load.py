"""From files to what a proxy is built from, with every problem of every file found at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zoneproxy.app.books import load_books
from zoneproxy.app.files import absolute, read_policies, read_text
from zoneproxy.app.pattern_speed import is_slow
from zoneproxy.app.token import check_token
from zoneproxy.app.watching import fingerprint
from zoneproxy.config.load import parse_config
from zoneproxy.config.located import read_yaml
from zoneproxy.detect.catalogue import NAMES
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.keys.files import FileKeys
from zoneproxy.net.assembly import load_contexts
from zoneproxy.net.logins import login_problems
from zoneproxy.net.observer import NullObserver
from zoneproxy.net.publishing.trail import load_seals
from zoneproxy.net.sasl import check_sasl
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.references import check_references

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from zoneproxy.app.watching import Fingerprint
    from zoneproxy.config.model import Config
    from zoneproxy.formats.book import Books
    from zoneproxy.keys.provider import KeyProvider
    from zoneproxy.keys.ring import KeyRing
    from zoneproxy.policy.snapshot import PolicySnapshot


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was read. File names in ``config`` are absolute."""

    config: Config
    keys: KeyRing
    snapshot: PolicySnapshot
    books: Books = field(default_factory=dict)  # of schemas
    seen: Fingerprint = ()  # the policy files, as they were before they were read


def load_all(path: Path) -> Loaded:
    """Read a configuration file and everything it names. TLS files are tried only: the sockets read them again.

    Raises:
        InvalidConfiguration: with the problems of all files.
    """
    problems: list[Problem] = []
    text = read_text(path, str(path), problems)
    if text is None:
        raise InvalidConfiguration(problems)
    config = _collect(problems, lambda: absolute(parse_config(text, str(path)), path.parent))
    if config is None:
        _collect(problems, lambda: policies_in(path.parent / _policies_of(text), None))
        raise InvalidConfiguration(problems)
    seen = fingerprint(Path(config.policies))  # before they are read: what changes from here on is a change
    if config.admin.token_file is not None:
        problems += check_token(Path(config.admin.token_file))
    keys = _collect(problems, lambda: _key_provider(config).load())
    snapshot = _collect(problems, lambda: load_policies(config))
    books = _collect(problems, lambda: load_books(config))
    _collect(problems, lambda: load_contexts(config, NullObserver()))
    _collect(problems, lambda: load_seals(config))
    _collect(problems, lambda: check_sasl(config))
    problems += login_problems(config)
    if keys is None or snapshot is None or books is None or problems:
        raise InvalidConfiguration(problems)
    return Loaded(config, keys, snapshot, books, seen)


def _key_provider(config: Config) -> KeyProvider:
    return FileKeys({name: key.file for name, key in config.keys.items()})


def load_policies(config: Config) -> PolicySnapshot:
    """Read the policy files of a configuration; also what a reload does.

    Raises:
        InvalidConfiguration: with every problem of the policies, and of how they fit the configuration.
    """
    snapshot = policies_in(Path(config.policies), config.keys)
    if problems := check_references(config, snapshot):
        raise InvalidConfiguration(problems)
    return snapshot


def policies_from(sources: Sequence[tuple[str, str]], config: Config | None) -> PolicySnapshot:
    """A policy from (name, text) of each of its files, as ``load_policies`` would read it from these.

    Args:
        sources: in the order of their names.
        config: what it must fit together with; None: that is not checked.

    Raises:
        InvalidConfiguration: as ``load_policies``.
    """
    snapshot = load_policy(sources, None if config is None else config.keys, NAMES, is_slow)
    if config is not None and (problems := check_references(config, snapshot)):
        raise InvalidConfiguration(problems)
    return snapshot


def policies_in(directory: Path, known_keys: Collection[str] | None) -> PolicySnapshot:
    """Read the policy files of a directory; with None, keys may have any name.

    Raises:
        InvalidConfiguration: with every problem of every file.
    """
    problems: list[Problem] = []
    sources = read_policies(directory, problems)
    snapshot = _collect(problems, lambda: load_policy(sources, known_keys, NAMES, is_slow)) if sources else None
    if snapshot is None or problems:
        raise InvalidConfiguration(problems)
    return snapshot


def _policies_of(text: str) -> str:
    """The policy directory that a faulty configuration names, so that its faults can be told, too."""
    data = read_yaml(text, "", []).data
    named = data.get("policies") if isinstance(data, dict) else None
    return named if isinstance(named, str) and named else "policies"


def _collect(problems: list[Problem], work: Callable[[], T]) -> T | None:
    """The result of the work; None if it raised InvalidConfiguration, whose problems are added then."""
    try:
        return work()
    except InvalidConfiguration as error:
        problems += error.problems
        return None
