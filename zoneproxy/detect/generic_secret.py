"""Passwords, keys and tokens of any shape: what a name such as ``password`` or ``api_key`` is given.

Written as in JSON, properties, YAML, shell, XML or on a command line. What stands where a secret would and is none, a
placeholder, a reference or the name of a variable, is no hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zoneproxy.detect.declared import words_of
from zoneproxy.detect.detector import Confidence, Detector, Hit

_KEYS: Final = b"api|access|auth|app|private|secret|signing|encryption|master|account|license|storage"
_PASSWORD: Final = b"pass(?:word|wort|wd|phrase|code)?|pwd"
_NAME: Final = b"(?i:" + _PASSWORD + b"|secret|token|credential|authorization|apikey|(?:" + _KEYS + rb")[ _.\-]?key)"
# Hashes of passwords as crypt writes them, which need no name.
_HASH: Final = rb"\$(?:2[abxy]|5|6|y)\$[A-Za-z0-9./$]{40,}"
_WHOLE_NAME: Final = _HASH + b"|" + _NAME + rb"[A-Za-z0-9_.\-]*"
# How a name is given something: at once behind it, or after a blank where that is how it is done.
_GIVEN: Final = re.compile(
    rb"""(?P<q>["'`]?)\]?[ \t]*(?P<sign>:=|=>|=|:)?[ \t]*(?:(?i:bearer|basic|token)[ \t]+)?"""
    rb"""(?P<tag>(?:[a-zA-Z]+="[^"<>]*"[ \t]*)*>)?"""
    rb"""(?:(?P<quote>["'`])(?P<quoted>[^"'`\r\n]*)|(?P<bare>[^\s"'`,;&<>{}()\[\]]+))"""
)


def _any_of(text: str) -> bytes:
    return "|".join(text.split()).encode()


# Behind the word, these make a name that of something about a secret.
_OTHER_THINGS: Final = re.compile(
    rb"(?i)[_.\-]?(?:"
    + _any_of(
        "reset polic length url uri endpoint types? ids? names? file path expir ttl count mask ref arn hint field"
        " version alias prefix suffix label provider manager rotation store valid require prompt strength changed"
        " updated created limit usage max min enabled algorithm last4"
    )
    + b")"
)
_NO_SECRETS: Final = _any_of(
    "null none nil true false undefined empty changeme change[_-]me redacted hidden masked removed todo tbd n/?a"
    " required optional string placeholder example sample dummy"
)
_ELSEWHERE: Final = _any_of(
    r"insert enter process\.env os\. env[.\[(:] getenv system\. config\. settings\. self\. this\. request\. tok_"
    r" cus_ vault: hmac: sha(?:1|256|512)[:\-] arn: kms ref[:/] secret: secrets?[./] ssm: sm:// op:// gcp: aws: file:"
    r" https?: s3: data: !secret !vault -----"
)
_PLACEHOLDER: Final = re.compile(
    rb"(?i)\$|\{\{|<|%\(|%[a-z_]+%$|[*\xe2]+|x{4,}|\.{3}"
    rb"|(?:" + _NO_SECRETS + rb")\b.{0,12}$|your[_\- ]|my[_\-](?:pass|secret|token|key)|" + _ELSEWHERE
)
_DOTTED: Final = re.compile(rb"[A-Za-z_]+(?:\.[A-Za-z_]+)+|[a-z]+(?:_[a-z]+)+|[A-Z]+(?:_[A-Z]+)+")
_CALL: Final = re.compile(rb"[A-Za-z_.]+\(")
_UUID: Final = re.compile(rb"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HAS_ITS_OWN: Final = re.compile(
    rb"eyJ|AKIA|ASIA|gh[opsur]_|glpat-|xox|[rs]k_|AIza|npm_|SG\.|dop_|shp|sk-ant|dapi[0-9a-f]|SK[0-9a-f]{32}|\$"
)
_LONGEST_NAME: Final = 64
_LONGEST: Final = 512
_MINIMUM: Final = {b"pas": 4, b"pwd": 4}
_FEWEST: Final = 8


def _hits(text: bytes, start: int, end: int) -> Iterator[Hit]:
    name = text[start:end]
    if name[:1] == b"$":
        yield Hit(start, end, valid=True)
        return
    given = _GIVEN.match(text, end, end + _LONGEST)
    if given is None or len(name) > _LONGEST_NAME:
        return
    is_quoted = given["quoted"] is not None
    value = given["quoted"] if is_quoted else given["bare"]
    begin = given.start("quoted" if is_quoted else "bare")
    key = _kind(name)
    if (
        name[key : key + 1].islower()
        or _OTHER_THINGS.search(name[key:])
        or _is_of_aws(name, value)
        or not _is_given(text, start, name, given, value)
    ):
        return
    if _is_secret(name[:key].lower(), value):
        yield Hit(begin, begin + len(value), valid=True)


def _is_of_aws(name: bytes, value: bytes) -> bool:
    """A detector of its own finds these."""
    return len(value) == 40 and b"access" in name.lower()


_KIND: Final = re.compile(
    rb"(?i)pass(?:word|wort|wd|phrase|code)?|pwd|secret|token|credential|[a-z]+[ _.\-]?key|authorization"
)


def _kind(name: bytes) -> int:
    match = _KIND.match(name)
    return match.end() if match else len(name)


def _is_given(text: bytes, start: int, name: bytes, given: re.Match[bytes], value: bytes) -> bool:
    """Whether this is an assignment rather than prose."""
    sign, is_quoted = given["sign"], given["quoted"] is not None
    if given["tag"]:
        return text[given.end() : given.end() + 2] == b"</"
    if sign and (is_quoted or sign.strip() != b":"):
        return True
    if sign:
        return _looks_made_up(value) or given["q"] != b""
    gap = given.start("quote" if is_quoted else "bare") - given.end("q")
    if gap == 0:
        return False
    is_option = (
        text[max(0, start - 32) : start].endswith(b"-") or b"-" in text[max(0, start - 12) : start].split(b" ")[-1]
    )
    return is_option or is_quoted or (name.islower() and _looks_made_up(value) and len(value) >= 6)


def _looks_made_up(value: bytes) -> bool:
    """Letters and digits, or letters of both cases and punctuation: not a word."""
    kinds = [kind.search(value) is not None for kind in _KINDS]
    return (kinds[0] and not value.isdigit()) or all(kinds[1:])


_KINDS: Final = (re.compile(rb"[0-9]"), re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[^A-Za-z0-9.]"))


def _is_secret(name: bytes, value: bytes) -> bool:
    fewest = _MINIMUM.get(name[:3], _FEWEST)
    if not fewest <= len(value) <= _LONGEST or _PLACEHOLDER.match(value) or _HAS_ITS_OWN.match(value):
        return False
    if len(set(value)) < 4 or _UUID.fullmatch(value) or b" " in value.strip():
        return False
    if fewest == _FEWEST:
        return _looks_made_up(value) or (len(value) >= 16 and len(set(value)) > 9 and not _DOTTED.fullmatch(value))
    return not (
        _CALL.match(value) or (b"." in value and _DOTTED.fullmatch(value)) or value.lower().startswith(b"password_")
    )


_NOTHING: Final = re.compile(rb'[^"\\]{0,64}"[ \t]*:[ \t]*(?:"[^"\\]{0,3}"|null\b|true\b|false\b|[\[{])')


def _may_be(window: bytes) -> bool:
    """A name in JSON is given something only right behind it."""
    return _NOTHING.match(window) is None


_WORDS: Final = words_of(
    "password, passwort, passwd, passphrase, passcode, pass, pwd, secret, token, credential, credentials, apikey,"
    "api key, access key, auth key, app key, private key, secret key, signing key, encryption key, master key,"
    "account key, license key, storage key, authorization"
)

GENERIC_SECRET: Final = Detector(
    type="GENERIC_SECRET",
    # A small letter behind the word makes it another one.
    shape=rb"\$(?:2[abxy]|5|6|y)\$[A-Za-z0-9./$]{8}|" + _NAME + b"[^a-z]",
    may_be=_may_be,
    stretch=_WHOLE_NAME,
    hits=_hits,
    words=_WORDS,
    confidence=Confidence(alone=0.3, valid=0.6, valid_in_context=0.75),
)
