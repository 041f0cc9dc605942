"""Reading files as text: whatever is wrong with one is a ``Problem`` of that file, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zoneproxy.config.model import Config
    from zoneproxy.config.schemas import SchemasConfig
    from zoneproxy.config.upstreams import UpstreamConfig, UpstreamSasl
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
        each.model_copy(update={"tls": _resolve(each.tls, resolved, "certificate", "key", "client_ca", "client_crl")})
        for each in config.listeners
    )
    upstreams = {name: _upstream(each, resolved) for name, each in config.upstreams.items()}
    update = {
        "listeners": listeners,
        "upstreams": upstreams,
        "keys": {name: _resolve(each, resolved, "file") for name, each in config.keys.items()},
        "quarantine": {name: _resolve(each, resolved, "public_key") for name, each in config.quarantine.items()},
        "schemas": {name: _schemas(each, resolved) for name, each in config.schemas.items()},
        "policies": resolved(config.policies),
        "admin": _resolve(config.admin, resolved, "token_file"),
        "credentials": _resolve(config.credentials, resolved, "file"),
        "oauth": {
            name: each.model_copy(update={"jwks": _resolve(each.jwks, resolved, "file", "ca")})
            for name, each in config.oauth.items()
        },
    }
    return config.model_copy(update=update)


def _schemas(schemas: SchemasConfig, resolved: Callable[[str], str]) -> SchemasConfig:
    files = tuple(
        each.model_copy(
            update={"references": tuple(map(resolved, each.references)), **_resolved(each, resolved, "file")}
        )
        for each in schemas.files
    )
    registry = schemas.registry
    if registry is not None:
        auth = _resolve(registry.auth, resolved, "password_file", "token_file")
        registry = registry.model_copy(update={"auth": auth, **_resolved(registry, resolved, "ca")})
    return schemas.model_copy(update={"files": files, "registry": registry})


def _upstream(upstream: UpstreamConfig, resolved: Callable[[str], str]) -> UpstreamConfig:
    zones = {
        zone: each.model_copy(
            update={"sasl": _sasl(each.sasl, resolved), **_resolved(each, resolved, "certificate", "key")}
        )
        for zone, each in upstream.zones.items()
    }
    tls = _resolve(upstream.tls, resolved, "certificate", "key", "ca")
    return upstream.model_copy(update={"tls": tls, "sasl": _sasl(upstream.sasl, resolved), "zones": zones})


def _sasl(sasl: UpstreamSasl | None, resolved: Callable[[str], str]) -> UpstreamSasl | None:
    if sasl is None:
        return None
    files = _resolved(sasl, resolved, "password_file", "token_file", "credentials_file")
    endpoint = _resolve(sasl.token_endpoint, resolved, "client_secret_file", "ca")
    return sasl.model_copy(update={**files, "token_endpoint": endpoint})


def _resolve(section: Section | None, resolved: Callable[[str], str], *fields: str) -> Section | None:
    """A copy of the section with those of its fields that name files made absolute."""
    return None if section is None else section.model_copy(update=_resolved(section, resolved, *fields))


def _resolved(section: Section, resolved: Callable[[str], str], *fields: str) -> dict[str, str]:
    named = {field: getattr(section, field) for field in fields}
    return {field: resolved(name) for field, name in named.items() if name is not None}
