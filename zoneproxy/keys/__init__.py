"""Keys for hashes, tokens and seals: who provides them (``provider``, ``files``), and a holder that shows none."""

from __future__ import annotations
