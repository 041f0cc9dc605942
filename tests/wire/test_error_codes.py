from __future__ import annotations

from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode


def test_codes_have_kafkas_names() -> None:
    assert ErrorCode.UNKNOWN_SERVER_ERROR == -1
    assert ErrorCode.NONE == 0
    assert ErrorCode.UNKNOWN_TOPIC_OR_PARTITION == 3
    assert ErrorCode.TOPIC_AUTHORIZATION_FAILED == 29
    assert ErrorCode.UNSUPPORTED_VERSION == 35
    assert ErrorCode.POLICY_VIOLATION == 44
    assert ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER == 45
    assert ErrorCode.INVALID_RECORD == 87
    assert ErrorCode.UNKNOWN_TOPIC_ID == 100
    assert ErrorCode.INVALID_REGULAR_EXPRESSION == 128


def test_every_code_has_a_text() -> None:
    assert set(DEFAULT_MESSAGES) == set(ErrorCode)
    assert DEFAULT_MESSAGES[ErrorCode.NONE] == "NONE"
    assert DEFAULT_MESSAGES[ErrorCode.UNKNOWN_TOPIC_OR_PARTITION].startswith("This server does not host")
    assert all(DEFAULT_MESSAGES.values())
    assert len(set(DEFAULT_MESSAGES.values())) == len(DEFAULT_MESSAGES)
