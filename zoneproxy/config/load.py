"""The text of zoneproxy.yaml → Config, or every problem in it."""

from __future__ import annotations

from zoneproxy.config.authentication_checks import check_authentication
from zoneproxy.config.located import Located, Path, read_yaml
from zoneproxy.config.model import AdminConfig, Config, ListenerConfig
from zoneproxy.config.validation import validate
from zoneproxy.errors import InvalidConfiguration, Problem


def parse_config(text: str, name: str = "zoneproxy.yaml") -> Config:
    """Check a configuration.

    Args:
        text: of the file.
        name: of the file, for messages.

    Raises:
        InvalidConfiguration: with every problem found, in the file's order.
    """
    problems: list[Problem] = []
    located = read_yaml(text, name, problems)
    if located.data is None and not problems:
        problems.append(located.problem((), "the file is empty", "it needs at least `listeners` and `upstreams`"))
    config = None
    if located.data is not None:
        config = validate(Config, located, (), problems, located.data)
        problems += _across(located)
    if isinstance(config, Config):
        problems += check_authentication(located, config)
    if problems or not isinstance(config, Config):
        raise InvalidConfiguration(sorted(set(problems), key=lambda each: (each.line, each.column)))
    return config.from_source(located)


def _across(located: Located) -> list[Problem]:
    """What is wrong between listeners, as far as each of them is right by itself."""
    data = located.data if isinstance(located.data, dict) else {}
    written = data.get("listeners")
    ignored: list[Problem] = []
    listeners: list[tuple[Path, ListenerConfig]] = []
    for index, each in enumerate(written if isinstance(written, list) else ()):
        listener = validate(ListenerConfig, located, ("listeners", index), ignored, each)
        if listener is not None:
            listeners.append((("listeners", index), listener))
    admin = validate(AdminConfig, located, ("admin",), ignored, data.get("admin") or {})
    return [*_same_names(located, listeners), *_same_ports(located, listeners, admin)]


def _same_names(located: Located, listeners: list[tuple[Path, ListenerConfig]]) -> list[Problem]:
    first: dict[str, Path] = {}
    problems = []
    for path, listener in listeners:
        if listener.name in first:
            line, _ = located.place((*first[listener.name], "name"))
            message = f"a listener `{listener.name}` is there already"
            problems.append(located.problem((*path, "name"), message, f"the first one is in line {line}"))
        first.setdefault(listener.name, path)
    return problems


def _same_ports(
    located: Located, listeners: list[tuple[Path, ListenerConfig]], admin: AdminConfig | None
) -> list[Problem]:
    taken: list[tuple[str, frozenset[int], str]] = []
    if admin is not None:
        taken.append((admin.bind, frozenset({admin.port}), "admin"))
    problems = []
    for path, listener in listeners:
        ports = frozenset(listener.all_ports)
        for bind, others, owner in taken:
            shared = sorted(ports & others)
            if shared and _may_clash(bind, listener.bind):
                part = "ports" if listener.ports else "sni"
                which = ", ".join(map(str, shared[:4])) + (", ..." if len(shared) > 4 else "")
                message = f"listener `{listener.name}` wants ports that `{owner}` has already: {which}"
                hint = "a ports listener needs its bootstrap port and one port for each node id to itself"
                problems.append(located.problem((*path, part), message, hint))
        taken.append((listener.bind, ports, listener.name))
    return problems


def _may_clash(one: str, other: str) -> bool:
    everywhere = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return one == other or one in everywhere or other in everywhere
