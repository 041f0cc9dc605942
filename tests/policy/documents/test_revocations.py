from __future__ import annotations

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.revocations import RevocationDocument

PLAIN = "0123456789abcdef" * 4
AS_OPENSSL_WRITES_IT = ":".join(PLAIN.upper()[at : at + 2] for at in range(0, 64, 2))


@pytest.mark.parametrize("written", [PLAIN, PLAIN.upper(), AS_OPENSSL_WRITES_IT])
def test_a_certificate_is_named_by_its_fingerprint(written: str) -> None:
    document = RevocationDocument.model_validate({"certificate": written, "reason": "lost"})
    assert document.certificate == PLAIN


def test_what_is_no_fingerprint_and_what_has_no_reason() -> None:
    for wrong in ("alice", PLAIN[:-1], PLAIN + "0", "x" * 64):
        assert "is not a SHA-256 fingerprint" in refusal(RevocationDocument, {"certificate": wrong, "reason": "lost"})
    assert "required" in refusal(RevocationDocument, {"certificate": PLAIN})
