"""Addresses of Bitcoin (base58check, BIP 173 and 350) and of Ethereum."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import reduce
from typing import Final

from zoneproxy.detect.declared import pattern
from zoneproxy.detect.detector import Confidence

_ALPHABET: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {char: value for value, char in enumerate(_ALPHABET)}
_BECH32: Final = {char: value for value, char in enumerate(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS: Final = (1, 0x2BC830A3)  # BIP 173, BIP 350
_PAYLOAD, _CHECK = 21, 4  # bytes
_SHORTEST, _LONGEST = 29, 35  # characters; shorter ones begin with so many zeros that nobody has the key
_BASE_58: Final = re.compile(rb"[13][1-9A-HJ-NP-Za-km-z]{28,34}")


def base58check(text: bytes) -> bool:
    """A version, twenty bytes, and the first four of their double SHA-256."""
    number = 0
    for char in text:
        number = number * 58 + _VALUES[char]
    zeros = len(text) - len(text.lstrip(b"1"))
    size = (number.bit_length() + 7) // 8
    if size + zeros != _PAYLOAD + _CHECK:
        return False
    raw = number.to_bytes(_PAYLOAD + _CHECK, "big")
    return hashlib.sha256(hashlib.sha256(raw[:_PAYLOAD]).digest()).digest()[:_CHECK] == raw[_PAYLOAD:]


def bech32(text: bytes) -> bool:
    """The checksum over ``bc1...``."""
    *_, is_right = _bech32_so_far(text)
    return is_right


def _bech32_so_far(text: bytes) -> Iterator[bool]:
    """For each character behind ``bc1``, whether the checksum is right if it is the last one."""
    check = _BEHIND_BC
    for value in map(_BECH32.__getitem__, text.lower()[3:]):
        check = _bech32_step(check, value)
        yield check in _CONSTANTS


def _bech32_step(check: int, value: int) -> int:
    top = check >> 25
    check = (check & 0x1FFFFFF) << 5 ^ value
    for place, generator in enumerate(_GENERATOR):
        check ^= generator if top >> place & 1 else 0
    return check


_BEHIND_BC: Final = reduce(_bech32_step, (3, 3, 0, 2, 3), 1)


def is_address(text: bytes) -> bool:
    """By the rules of its chain; an Ethereum address only must not be one digit all over.

    Of Bitcoin's addresses, one in 50,000 begins like a hexadecimal id. It is passed over.
    """
    if text[:2] == b"0x":
        return _is_ethereum(text[1:])
    if text[:3].lower() == b"bc1":
        return not _HEXADECIMAL.match(text) and bech32(text)
    return not _HEXADECIMAL.match(text) and base58check(text)


def _is_ethereum(behind_zero: bytes) -> bool:
    return len(set(behind_zero[1:].lower())) > 4


def may_be(window: bytes) -> bool:
    """Stage 1 cannot tell where an address ends. It points at what stands before it, or at the x of an Ethereum one."""
    written = _SEGWIT_OR_ETH.match(window)
    if written is not None and not _HEXADECIMAL.match(window):
        found = written.group()
        return _is_ethereum(found) if found[:1] == b"x" else any(_bech32_so_far(found))
    return any(
        base58check(match.group()[:size])
        for start in range(_MOST_BEFORE + 1)
        if (match := _BASE_58.match(window, start))
        if not _HEXADECIMAL.match(match.group())
        for size in range(_SHORTEST, len(match.group()) + 1)
    )


# An address touches no letter or digit, but for the length that stands before it where a part of a record begins with
# it: one byte, which is even, or one that ends a longer number. No part of so many bytes as a digit says holds one.
_BEFORE: Final = rb"(?:^|[^0-9A-Za-z]|[\x80-\xff][0-9A-Za-z]|[BDFHJLNPRTVXZbdfhjlnprtvxz])"
_MOST_BEFORE: Final = 2
# Stage 1 follows no hexadecimal id to its end: there are many.
_HEXADECIMAL: Final = re.compile(rb"[13][1-9a-f]{8}|bc1[02-9ac-f]{16}")
_OLD: Final = rb"[13][1-9a-f]{0,7}[A-HJ-NP-Zg-km-z][1-9A-HJ-NP-Za-km-z]{17}"
_BTC: Final = rb"[13][1-9A-HJ-NP-Za-km-z]{28,34}"
_SEGWIT: Final = rb"(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})"
_ETH: Final = rb"0x[0-9a-fA-F]{40}"

# For stage 1 one of Ethereum begins with its second character: a zero is too common to wait behind each.
_SEGWIT_OR_ETH: Final = re.compile(_SEGWIT + b"|" + _ETH[1:])

CRYPTO_ADDRESS: Final = pattern(
    "CRYPTO_ADDRESS",
    _BTC + b"|" + _SEGWIT + b"|" + _ETH,
    words="bitcoin, btc, wallet, ethereum, eth, payout, crypto, address",
    valid=is_address,
    confidence=Confidence(alone=0.2, valid=0.95, valid_in_context=1.0),
    shape=_BEFORE + _OLD + rb"|bc1[02-9ac-hj-np-z]{11}|BC1[02-9AC-HJ-NP-Z]{11}|x[0-9a-fA-F]{8}",
    closer=may_be,
)
