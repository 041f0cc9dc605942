"""How zones, roles, keys and flows may be called."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
NAME_HINT = "small letters, digits and dashes, up to 63"

Name = Annotated[str, Field(pattern=NAME, description=NAME_HINT)]
"""Names of zones, roles, levels and keys: small letters, digits and dashes, up to 63, fit for labels and host names."""
Title = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Names of flows: one line for people."""
