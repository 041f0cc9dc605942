from __future__ import annotations

import pytest

from zoneproxy.config.load import parse_config
from zoneproxy.errors import InvalidConfiguration

CONFIG = """\
listeners:
  - name: a
    zone: a
    auth: sasl
    sasl: {mechanisms: [PLAIN, OAUTHBEARER], oauth: [main]}
    ports: {bootstrap: 9092, first: 9100}
    advertised_host: localhost
    tls: {certificate: c, key: k}
upstreams:
  u: {bootstrap: ["k:1"], tls: {ca: ca}}
credentials: {file: credentials.yaml}
oauth:
  main: {issuer: "https://1", audience: [kafka], jwks: {file: keys.json}}
  other: {issuer: "https://2", audience: [kafka], jwks: {file: keys.json}}
"""


def test_what_fits_together() -> None:
    assert set(parse_config(CONFIG).oauth) == {"main", "other"}


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("credentials: {file: credentials.yaml}\n", "", "5:24: listener `a` takes passwords, and there are no"),
        ("oauth: [main]", "oauth: [mian]", "5:54: there is no oauth provider `mian` (did you mean `main`?)"),
        ("https://2", "https://1", "14:19: `other` and `main` are the same issuer"),
    ],
)
def test_what_listeners_ask_for_must_be_there(old: str, new: str, text: str) -> None:
    assert old in CONFIG
    with pytest.raises(InvalidConfiguration) as caught:
        parse_config(CONFIG.replace(old, new))
    assert [text in str(problem) for problem in caught.value.problems] == [True]


def test_tokens_need_somebody_who_issues_them() -> None:
    text = CONFIG.partition("oauth:\n")[0].replace(", oauth: [main]", "")
    with pytest.raises(InvalidConfiguration, match="listener `a` takes tokens, and there is no provider in `oauth`"):
        parse_config(text)
