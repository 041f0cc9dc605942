"""Tokens that tell by their shape who issued them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from zoneproxy.detect.declared import pattern
from zoneproxy.detect.detector import Confidence, Detector


class Token(NamedTuple):
    """A vendor, what its tokens begin with, which characters follow, and how many at least."""

    vendor: str
    prefix: bytes
    characters: bytes
    fewest: int
    rest: bytes = b""


_WORD: Final = b"[A-Za-z0-9]"
_URL: Final = rb"[A-Za-z0-9_\-]"
_HEX: Final = b"[0-9a-f]"
_BASE_64: Final = b"[A-Za-z0-9+/]"

TOKENS: Final = (
    Token("github", b"gh[opsur]_", _WORD, 36),
    Token("github", b"github_pat_", b"[A-Za-z0-9_]", 40),
    Token("gitlab", b"gl(?:pat|dt|ft|rt|cbt|ptt|oas|soat|imt|agent)-", _URL, 20),
    Token("slack", b"xox[abeoprs]-", rb"[A-Za-z0-9\-]", 10),
    Token("slack", b"xapp-[0-9]-", rb"[A-Za-z0-9\-]", 20),
    Token("slack", b"hooks[.]slack[.]com/services/T", b"[A-Za-z0-9/]", 20),
    Token("stripe", b"[rs]k_(?:live|test)_", _WORD, 16),
    Token("stripe", b"whsec_", b"[A-Za-z0-9+/=]", 24),
    Token("google", b"AIza", _URL, 35),
    Token("google", b"ya29[.]", _URL, 30),
    Token("google", b"GOCSPX-", _URL, 28),
    Token("npm", b"npm_", _WORD, 36),
    Token("pypi", b"pypi-AgE", _URL, 50),
    Token("rubygems", b"rubygems_", _HEX, 48),
    Token("sendgrid", b"SG[.]", _URL, 16, rb"\." + _URL + b"{32,64}"),
    Token("twilio", b"SK", _HEX, 32),
    Token("mailgun", b"key-", _HEX, 32),
    Token("digitalocean", b"do[opr]_v1_", _HEX, 64),
    Token("shopify", b"shp(?:at|ca|pa|ss)_", b"[0-9a-fA-F]", 32),
    Token("square", b"sq0[a-z]{3}-", _URL, 22),
    Token("anthropic", b"sk-ant-", _URL, 40),
    Token("openai", b"sk-(?:proj|svcacct|admin|None)-", _URL, 40),
    Token("openai", b"sk-", _WORD, 40),
    Token("huggingface", b"hf_", _WORD, 34),
    Token("databricks", b"dapi", _HEX, 32),
    Token("azure", b"AccountKey=", _BASE_64, 86, b"=="),
    Token("azure", b"sig=", b"[A-Za-z0-9%]", 43),
    Token("hashicorp", b"hv[bsr][.]", _URL, 24),
    Token("docker", b"dckr_pat_", _URL, 27),
    Token("telegram", b"[0-9]{8,10}:AA", _URL, 33),
    Token("linear", b"lin_api_", _WORD, 40),
    Token("notion", b"ntn_", _WORD, 40),
    Token("postman", b"PMAK-", rb"[0-9a-f\-]", 59),
    Token("planetscale", b"pscale_(?:tkn|pw|oauth)_", rb"[A-Za-z0-9_=.\-]", 32),
    Token("newrelic", b"NRAK-", b"[A-Z0-9]", 27),
    Token("grafana", b"gl(?:c|sa)_", b"[A-Za-z0-9+/_=]", 32),
    Token("doppler", b"dp[.](?:pt|st|ct|sa)[.]", rb"[A-Za-z0-9_.]", 40),
    Token("sentry", b"sntry[su]_", b"[A-Za-z0-9+/=_]", 40),
    Token("age", b"AGE-SECRET-KEY-1", b"[A-Z0-9]", 58),
    Token("figma", b"figd_", _URL, 40),
    Token("atlassian", b"ATATT3", _URL, 60),
    Token("cloudflare", b"v1[.]0-", _HEX, 24),
    Token("heroku", b"HRKU-", rb"[0-9a-fA-F\-]", 36),
    Token("supabase", b"sb(?:p|_secret)_", _URL, 20),
    Token("vercel", b"vercel_", _URL, 24),
)
_ENOUGH_TO_STOP: Final = 8  # characters behind a prefix, for stage 1
_FEWEST_DIFFERENT: Final = 7  # characters in a token; placeholders repeat few
_PLACEHOLDER: Final = re.compile(rb"(?i)example|x{6}|0{8}|1{8}|your[_\-]|placeholder|redacted|123456789|abcdefgh")


def _written(token: Token) -> bytes:
    return token.prefix + token.characters + b"{%d,}" % token.fewest + token.rest


def is_random(written: bytes) -> bool:
    """Not the placeholder of a manual."""
    return len(set(written)) >= _FEWEST_DIFFERENT and _PLACEHOLDER.search(written) is None


def _is_issued(written: bytes) -> bool:
    body = re.split(rb"[_\-.=:]", written)[-1]
    return is_random(body if len(body) > _ENOUGH_TO_STOP else written)


VENDOR_TOKEN: Detector = pattern(
    "VENDOR_TOKEN",
    b"|".join(map(_written, TOKENS)),
    words="token, secret, key, api key, apikey, auth, bearer, authorization, credential",
    valid=_is_issued,
    confidence=Confidence(alone=0.3, valid=0.95, valid_in_context=1.0),
    shape=b"|".join(token.prefix + token.characters + b"{%d}" % _ENOUGH_TO_STOP for token in TOKENS),
    exact=False,
)
