"""Secrets in policy files: known shapes of keys and tokens, and long words that only chance would write.

What is found is named by its shape and place; its text appears nowhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from zoneproxy.policy.lint.finding import Finding

KNOWN: Sequence[tuple[str, re.Pattern[str]]] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----")),
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{30,})")),
    ("a GitLab token", re.compile(r"\bglpat-[0-9A-Za-z_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}")),
    ("a Stripe key", re.compile(r"\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}")),
    ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}")),
    ("a Vault token", re.compile(r"\bhv[sbr]\.[0-9A-Za-z_-]{20,}")),
    ("a PyPI token", re.compile(r"\bpypi-AgE[0-9A-Za-z_-]{20,}")),
    ("an npm token", re.compile(r"\bnpm_[0-9A-Za-z]{30,}")),
    ("a JSON web token", re.compile(r"\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*")),
    ("a password in a URL", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"']{1,100}:[^\s/@\"']{1,100}@")),
    (
        "a password",
        re.compile(
            r"""(?i)\b(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?token)['"]?\s*[:=]\s*['"]?[^\s'"#,}]{6,}"""
        ),
    ),
)
_WORD = re.compile(r"[0-9A-Za-z+/=]{24,512}")
_DIGEST = re.compile(r"\b(?:certificate|fingerprint|digest|sha-?256)\b['\"]?\s*:\s*['\"]?$", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
MIN_BITS_OF_WORD, MIN_BITS_OF_HEX = 4.0, 3.0  # for each character; words of a language have about 3.5
MIN_DIGITS = 3


def secrets(file: str, text: str) -> Iterator[Finding]:
    """ZP010: whoever may read the policy, and the history of its repository, could use it."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _in_line(line)
        if found is not None:
            column, what, length = found
            message = f"this looks like {what} ({length} characters)"
            hint = "take it out of the file and out of its history, and replace it: it is known now"
            yield Finding("ZP010", file, number, column, message, hint)


def _in_line(line: str) -> tuple[int, str, int] | None:
    """(column, what, length) of the first secret in a line."""
    for what, pattern in KNOWN:
        if hit := pattern.search(line):
            return hit.start() + 1, what, len(hit.group())
    for word in _WORD.finditer(line):
        if _by_chance(word.group()) and not _DIGEST.search(line, 0, word.start()):
            return word.start() + 1, "a random key", len(word.group())
    return None


def _by_chance(word: str) -> bool:
    """Whether a word mixes its characters as only a generator of secrets does."""
    digits = sum(character.isdigit() for character in word)
    if _HEX.fullmatch(word):
        return digits >= MIN_DIGITS and not word.isdigit() and _bits(word.lower()) >= MIN_BITS_OF_HEX
    mixed = any(c.islower() for c in word) and any(c.isupper() for c in word)
    return mixed and digits >= MIN_DIGITS and _bits(word) >= MIN_BITS_OF_WORD


def _bits(word: str) -> float:
    """Shannon's entropy of the characters of a word, in bits for each."""
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
