"""The plain types that everything in ``wire`` shares."""

from __future__ import annotations

from typing import TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview
"""Bytes of a frame, however they are held. A memoryview is one-dimensional and of format ``B``."""

Tags: TypeAlias = tuple[tuple[int, bytes], ...]
"""Tagged fields that this version of Kafka's definitions does not know: tag and raw bytes, tags ascending (KIP-482)."""

ZERO_UUID = bytes(16)
"""Kafka's null for the type ``uuid``."""
