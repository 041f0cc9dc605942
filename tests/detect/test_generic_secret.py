from __future__ import annotations

import pytest

from zoneproxy.detect.scanner import Scanner

SCANNER = Scanner(["GENERIC_SECRET"])
VALUE = "kX9" + "pQ2vLr7Tz"


def found(text: str) -> list[str]:
    data = text.encode()
    return [data[hit.start : hit.end].decode() for hit in SCANNER.scan(data) if hit.confidence >= 0.5]


@pytest.mark.parametrize(
    "form",
    [
        'password=%s', 'db.password: "%s"', '{"password":"%s"}',
        "export API_KEY='%s'", "--token %s", "<Password>%s</Password>",
        'client_secret => "%s"', "machine x login y password %s", '<Pass encoding="plain">%s</Pass>', "auth_token: %s",
        "Authorization: Bearer %s", 'password "%s"',
    ],
)  # fmt: skip
def test_given(form):
    assert found(form % VALUE) == [VALUE]


@pytest.mark.parametrize(
    "text",
    [
        "password=changeme", "password=${DB_PASSWORD}",
        "password: <redacted>", "api_key: your-key-here12", "token: tok_8a7s6d5f4",
        "password is required", "password_policy=Strict12345",
        '{"passportNumber":"C75878250"}', "secret: vault:v1:abc123def",
        '{"token_id":"kX9pQ2vLr7Tz"}', "password=abc",
        "secret=11111111", 'token: "8f14e45f-ceea-467f-a8d0-3f1c0d2b5b6e"',
        "password: process.env.SECRET", "the secretary wrote 12345678",
        "secret", "token=getToken(request1)", "password=aaaaaaaa",
        "password = config.get_password", "token: expired", "a token 12", 'AWS_SECRET_ACCESS_KEY="' + "aB3/" * 10 + '"',
    ],
)  # fmt: skip
def test_not_given(text):
    assert found(text) == []


def test_names_of_any_length_do_not_count():
    assert found("password" + "x" * 100 + "=" + VALUE) == []


def test_hashes_of_passwords():
    hashed = "$6$" + "saltsalt$" + "aB3.xY9/" * 10
    assert found(f"root:{hashed}:19000:0") == [hashed]
