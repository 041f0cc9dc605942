"""The client's two messages of SCRAM (RFC 5802, section 7), taken apart; what is not exactly one of them is refused."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from zoneproxy.identity.sasl.shapes import Refused

_NAME = r"(?:[^,=\x00]|=2C|=3D)+"
_VALUE = r"[^,\x00]+"
_PRINTABLE = r"[\x21-\x2b\x2d-\x7e]+"
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_EXTENSIONS = rf"(?:,[A-Za-z]={_VALUE})*"

# No channel binding (flags y and p) and no mandatory extensions (m=): we have neither, nor has Kafka. Its own
# extension, tokenauth, has a longer name than these: delegation tokens are refused.
_FIRST = re.compile(rf"(n,(?:a=({_NAME}))?,)(n=({_NAME}),r=({_PRINTABLE}){_EXTENSIONS})")
_FINAL = re.compile(rf"(c=({_BASE64}),r=({_PRINTABLE}){_EXTENSIONS}),p=({_BASE64})")


@dataclass(frozen=True, slots=True)
class ClientFirst:
    """``header`` is the GS2 header, ``bare`` what comes behind it."""

    header: str
    authorisation: str
    bare: str
    user: str
    nonce: str


@dataclass(frozen=True, slots=True)
class ClientFinal:
    """``without_proof`` is what the proof vouches for."""

    without_proof: str
    binding: bytes
    nonce: str
    proof: bytes


def client_first(token: bytes) -> ClientFirst:
    """Raises Refused."""
    found = _FIRST.fullmatch(_text(token))
    if found is None:
        raise Refused("malformed")
    header, authorisation, bare, user, nonce = found.groups()
    return ClientFirst(header, _unescaped(authorisation or ""), bare, _unescaped(user), nonce)


def client_final(token: bytes) -> ClientFinal:
    """Raises Refused."""
    found = _FINAL.fullmatch(_text(token))
    if found is None:
        raise Refused("malformed")
    without_proof, binding, nonce, proof = found.groups()
    return ClientFinal(without_proof, _decoded(binding), nonce, _decoded(proof))


def _text(token: bytes) -> str:
    try:
        return token.decode()
    except UnicodeDecodeError:
        raise Refused("malformed") from None


def _unescaped(name: str) -> str:
    return name.replace("=2C", ",").replace("=3D", "=")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Refused("malformed") from None
