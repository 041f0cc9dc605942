from __future__ import annotations

import json

import pytest

from tests.identity.login.test_signature_v4 import ACCESS_KEY, NOW, SECRET_KEY
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.msk_iam import MskIamLogin, from_environment, from_file
from zoneproxy.identity.login.signature_v4 import AwsCredentials, Scope, signed_query

CREDENTIALS = AwsCredentials(ACCESS_KEY, SECRET_KEY, "session")
HOST = "b-1.example.kafka.eu-west-1.amazonaws.com"


def test_the_request_to_connect():
    token = json.loads(MskIamLogin(CREDENTIALS, "eu-west-1", HOST, NOW).first())
    scope = Scope("kafka-cluster", "eu-west-1", NOW)
    signed = signed_query(CREDENTIALS, scope, HOST, "/", {"Action": "kafka-cluster:Connect"}, 900)
    assert token == {
        "version": "2020_10_22",
        "host": HOST,
        "user-agent": "zoneproxy",
        "action": "kafka-cluster:Connect",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{ACCESS_KEY}/20130524/eu-west-1/kafka-cluster/aws4_request",
        "x-amz-date": "20130524T000000Z",
        "x-amz-security-token": "session",
        "x-amz-signedheaders": "host",
        "x-amz-expires": "900",
        "x-amz-signature": signed["X-Amz-Signature"],
    }


def test_the_brokers_answer():
    login = MskIamLogin(CREDENTIALS, "eu-west-1", HOST, NOW)
    assert login.next(b'{"version":"2020_10_22","request-id":"4711"}') is None
    for answer in (b"", b"{}", b"[]", b"no", b"\xff"):
        with pytest.raises(LoginFailed, match="challenge"):
            login.next(answer)


def test_credentials_from_the_environment():
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    assert from_environment(environment) == AwsCredentials("a", "b")
    assert from_environment({**environment, "AWS_SESSION_TOKEN": "c"}) == AwsCredentials("a", "b", "c")
    with pytest.raises(LoginFailed, match="secret"):
        from_environment({"AWS_ACCESS_KEY_ID": "a"})


def test_credentials_from_a_file(tmp_path):
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = a\naws_secret_access_key = b%c\n[other]\naws_access_key_id = x\n")
    assert from_file(str(file), "default") == AwsCredentials("a", "b%c")
    for profile in ("other", "none"):
        with pytest.raises(LoginFailed, match="secret"):
            from_file(str(file), profile)
    file.write_text("no section\n")
    with pytest.raises(LoginFailed, match="secret"):
        from_file(str(file), "default")
