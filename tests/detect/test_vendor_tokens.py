from __future__ import annotations

import random
import string

import pytest

from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.scanner import Scanner
from zoneproxy.detect.vendor_tokens import TOKENS, VENDOR_TOKEN, is_random

SCANNER = Scanner(["VENDOR_TOKEN"])
RANDOM = "".join(random.Random(1).choices("0123456789abcdef", k=100))


@pytest.mark.parametrize("prefix", ["ghp_", "glpat-", "npm_", "sk_" + "test_", "dop_v1_", "hvs.", "sk-" + "ant-api03-"])
def test_tokens(prefix):
    token = prefix + RANDOM[:64]
    (finding,) = SCANNER.scan(f"x = {token};".encode())
    assert (finding.start, finding.end) == (4, 4 + len(token))
    assert SCANNER.scan(f"x = {prefix}{'x' * 64}".encode()) == []


def test_shapes_and_patterns_are_on_the_linear_path():
    text = string.printable.encode() * 10
    assert compile_pattern(VENDOR_TOKEN.shape).search(text) is None
    assert len({token.vendor for token in TOKENS}) > 30


def test_placeholders():
    assert not is_random(b"your_token_0123456789abc")
    assert not is_random(b"aaaabbbb")
    assert is_random(RANDOM.encode())
