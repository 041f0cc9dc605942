"""The file with everybody's verifiers: text in, credentials out, and back. YAML that a command writes."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from zoneproxy.config.located import Located, read_yaml
from zoneproxy.config.validation import Section, Whole, refuse, validate
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.identity.sasl.credentials import (
    DEFAULT_ITERATIONS,
    HASHES,
    MAX_ITERATIONS,
    MIN_ITERATIONS,
    SALT_BYTES,
    Credentials,
    Verifier,
    derive,
)

SECRET_BYTES = 32
MIN_SALT_BYTES = 8
MIN_PASSWORD = 8  # characters
MAX_PASSWORD = 1024  # characters
MAX_NAME = 249

_HASH_BYTES = {"SCRAM-SHA-256": 32, "SCRAM-SHA-512": 64}
_HEAD = "# Written by `zoneproxy credentials`. Salted verifiers, no passwords; to be kept as a secret all the same.\n"


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return refuse("this is not base64", "let `zoneproxy credentials set NAME` write it")


def _long(minimum: int) -> AfterValidator:
    def check(value: bytes) -> bytes:
        if not minimum <= len(value) <= 1024:
            refuse(f"this should be at least {minimum} bytes in base64", "let `zoneproxy credentials` write it")
        return value

    return AfterValidator(check)


_AsText = PlainSerializer(lambda value: base64.b64encode(value).decode())
_Salt = Annotated[bytes, PlainValidator(_bytes), _long(MIN_SALT_BYTES), _AsText]
_Secret = Annotated[bytes, PlainValidator(_bytes), _long(SECRET_BYTES), _AsText]
_Digest = Annotated[bytes, PlainValidator(_bytes), _AsText]


class VerifierDocument(Section):
    """One verifier."""

    iterations: Annotated[Whole, Field(ge=MIN_ITERATIONS, le=MAX_ITERATIONS)]
    salt: _Salt = Field(repr=False)
    stored_key: _Digest = Field(repr=False)
    server_key: _Digest = Field(repr=False)


class CredentialsDocument(Section):
    """The whole file. ``decoy`` is what verifiers of users that are not there are made up from."""

    decoy: _Secret = Field(repr=False)
    users: dict[str, dict[str, VerifierDocument]] = Field(default_factory=dict)


def parse_credentials(text: str, name: str) -> Credentials:
    """Read a file. Raises InvalidConfiguration with everything wrong in it, and never a part of a secret."""
    document = _document(text, name)
    users = {
        user: {
            mechanism: Verifier(each.salt, each.stored_key, each.server_key, each.iterations)
            for mechanism, each in verifiers.items()
        }
        for user, verifiers in document.users.items()
    }
    return Credentials(users, document.decoy)


def with_password(
    text: str | None, name: str, user: str, password: str, iterations: int = DEFAULT_ITERATIONS
) -> tuple[str, bool]:
    """The text of a file in which ``user`` has that password, and whether it was there before.

    ``text`` None: there is no file yet. Raises InvalidConfiguration: the file, the name or the password will not do.
    """
    document = _new() if text is None else _document(text, name)
    faults = [*_name_faults(user), *_password_faults(password)]
    if faults:
        raise InvalidConfiguration([Problem(name, 0, 0, fault) for fault in faults])
    made = {mechanism: _verifier(password, mechanism, iterations) for mechanism in HASHES}
    return _text(document, {**document.users, user: made}), user in document.users


def without_user(text: str, name: str, user: str) -> str | None:
    """The text of a file without ``user``; None if it is not there. Raises InvalidConfiguration."""
    document = _document(text, name)
    if user not in document.users:
        return None
    return _text(document, {each: verifiers for each, verifiers in document.users.items() if each != user})


def users_of(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Each user of a file and the mechanisms there are verifiers for. Raises InvalidConfiguration."""
    return {user: tuple(sorted(verifiers)) for user, verifiers in sorted(_document(text, name).users.items())}


def _new() -> CredentialsDocument:
    return CredentialsDocument.model_construct(decoy=secrets.token_bytes(SECRET_BYTES), users={})


def _verifier(password: str, mechanism: str, iterations: int) -> VerifierDocument:
    made = derive(password, mechanism, secrets.token_bytes(SALT_BYTES), iterations)
    return VerifierDocument.model_construct(
        iterations=iterations, salt=made.salt, stored_key=made.stored_key, server_key=made.server_key
    )


def _document(text: str, name: str) -> CredentialsDocument:
    problems: list[Problem] = []
    located = read_yaml(text, name, problems)
    data = {} if located.data is None else located.data
    document = None if problems else validate(CredentialsDocument, located, (), problems, data)
    if isinstance(document, CredentialsDocument):
        problems += _user_problems(document, located)
    if problems or not isinstance(document, CredentialsDocument):
        raise InvalidConfiguration([_without_value(problem) for problem in problems])
    return document


def _without_value(problem: Problem) -> Problem:
    """Problems quote what is wrong, and in this file that may be a password that somebody wrote down."""
    return replace(problem, message=problem.message.partition(", not `")[0])


def _user_problems(document: CredentialsDocument, located: Located) -> Iterator[Problem]:
    for user, verifiers in document.users.items():
        for fault in _name_faults(user):
            yield located.problem(("users", user), fault, key=True)
        for mechanism, verifier in verifiers.items():
            if fault := _verifier_fault(mechanism, verifier):
                yield located.problem(("users", user, mechanism), fault, key=True)


def _verifier_fault(mechanism: str, verifier: VerifierDocument) -> str:
    size = _HASH_BYTES.get(mechanism)
    if size is None:
        return f"`{mechanism[:40]}` is not one of {', '.join(HASHES)}"
    if len(verifier.stored_key) != size or len(verifier.server_key) != size:
        return f"`stored_key` and `server_key` of {mechanism} have {size} bytes each, in base64"
    return ""


def _name_faults(user: str) -> list[str]:
    if 0 < len(user) <= MAX_NAME and user.isprintable() and user == user.strip():
        return []
    return [f"a user's name has 1 to {MAX_NAME} characters that can be printed, and no blanks around them"]


def _password_faults(password: str) -> list[str]:
    if MIN_PASSWORD <= len(password) <= MAX_PASSWORD and "\0" not in password:
        return []
    return [f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters"]


def _text(document: CredentialsDocument, users: Mapping[str, Mapping[str, VerifierDocument]]) -> str:
    data = {
        "decoy": document.model_dump()["decoy"],
        "users": {
            user: {mechanism: each.model_dump() for mechanism, each in sorted(verifiers.items())}
            for user, verifiers in sorted(users.items())
        },
    }
    return _HEAD + yaml.safe_dump(data, sort_keys=False, width=200, allow_unicode=True)
