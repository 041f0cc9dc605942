"""How zones, roles, keys and flows may be called."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
NAME_HINT = "small letters, digits and dashes, up to 63"
GROUP_NAME = r"^[^\x00-\x1f\x7f]{1,249}$"
GROUP_HINT = "a group as certificates and tokens call it: 1 to 249 characters, none of them a control character"

Name = Annotated[str, Field(pattern=NAME, description=NAME_HINT)]
"""Names of zones, roles, levels and keys: small letters, digits and dashes, up to 63, fit for labels and host names."""
GroupName = Annotated[str, Field(pattern=GROUP_NAME, description=GROUP_HINT)]
"""Names of groups: whatever certificates and tokens call them, ``/acme/analysts`` or ``cn=analysts,ou=groups``."""
Title = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Names of flows: one line for people."""
