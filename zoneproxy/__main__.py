"""``python -m zoneproxy``."""

from __future__ import annotations

from zoneproxy.cli import main

main()
