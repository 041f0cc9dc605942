"""``revoked:``, certificates that stand for nobody any more, whatever else is written."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from zoneproxy.config.validation import Section, Text, refuse

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_HOW = "openssl x509 -in client.crt -noout -fingerprint -sha256"


def _fingerprint(text: str) -> str:
    plain = text.replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(plain):
        refuse(f"`{text[:60]}` is not a SHA-256 fingerprint", f"64 hexadecimal digits, as from: {_HOW}")
    return plain


class RevocationDocument(Section):
    """One certificate, by the hash of its DER form."""

    certificate: Annotated[Text, AfterValidator(_fingerprint), Field(description="its SHA-256 fingerprint")]
    reason: Annotated[Text, Field(description="why: lost, stolen, replaced")]
