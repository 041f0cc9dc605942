"""What is wrong with an entry, as text."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError


def refusal(kind: Any, data: dict[str, Any]) -> str:
    """The messages with which ``kind`` refuses ``data``; fails if it takes it."""
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(data)
    return "; ".join(error["msg"] for error in caught.value.errors())
