"""Keys for keyed hashes: where they come from, and a holder that does not show them."""

from __future__ import annotations
