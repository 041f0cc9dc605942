"""Names and TLS versions, as several parts of zoneproxy.yaml write them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Name = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", description="small letters, digits and dashes, up to 63"),
]
"""Names of listeners, zones, upstreams and keys: they become metric labels and parts of host names."""

TlsVersion = Literal["1.2", "1.3"]
