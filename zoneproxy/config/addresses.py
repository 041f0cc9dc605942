"""Ports, hosts and node ranges as they are written in zoneproxy.yaml."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from zoneproxy.config.validation import refuse

Port = Annotated[int, Field(strict=True, ge=1, le=65535)]

MAX_NODES = 4096  # ports of one listener

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_RANGE = re.compile(r"\s*([0-9]{1,10})\s*(?:-\s*([0-9]{1,10})\s*)?", re.ASCII)


def _ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _host_name(text: str) -> bool:
    """RFC 1123, section 2.1; underscores as Docker and Kubernetes users write them."""
    labels = text.removesuffix(".").split(".")
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdecimal()


def _check_bind(value: object) -> object:
    if isinstance(value, str) and not _ip(value):
        refuse(f"`bind` should be an IP address, not `{value[:60]}`", "all of this machine's: 0.0.0.0, or :: for IPv6")
    return value


def _check_name(value: object) -> object:
    if isinstance(value, str) and not _ip(value) and not _host_name(value):
        refuse(f"`{value[:60]}` is not a host name", "neither scheme nor port nor path, as in kafka.example.com")
    return value


Bind = Annotated[str, BeforeValidator(_check_bind)]
"""An IP address of this machine."""
NetworkName = Annotated[str, BeforeValidator(_check_name)]
"""A host name or IP address, without port."""


@dataclass(frozen=True, slots=True)
class HostPort:
    """An address to connect to, written ``host:port`` (IPv6: ``[::1]:9092``)."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> HostPort:
        """Refuses anything but ``host:port``."""
        host, _, port = text.rpartition(":")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            host = ""  # an IPv6 address without brackets: where the port starts is anybody's guess
        good_host = _ip(host) or _host_name(host)
        if not good_host or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
            refuse(f"`{text[:60]}` is not an address", 'write "host:port", as in "kafka-1.example.com:9093"')
        return cls(host, int(port))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _from_text(cls)


@dataclass(frozen=True, slots=True)
class NodeIds:
    """The broker ids that a listener has ports for, written ``"0-31"``, both ends included."""

    lowest: int
    highest: int

    def __str__(self) -> str:
        return f"{self.lowest}-{self.highest}"

    @classmethod
    def parse(cls, text: str) -> NodeIds:
        """Refuses anything but ``lowest-highest`` or a single id."""
        match = _RANGE.fullmatch(text)
        if match is None:
            refuse(f"`{text[:60]}` is not a range of node ids", 'write "0-31"')
        lowest = int(match[1])
        highest = int(match[2]) if match[2] else lowest
        if highest < lowest or highest - lowest >= MAX_NODES or highest > 2**31 - 1:
            refuse(f"node ids {lowest}-{highest} are not 1 to {MAX_NODES} ids, lowest first", 'write "0-31"')
        return cls(lowest, highest)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _from_text(cls)


def _from_text(cls: type[HostPort | NodeIds]) -> CoreSchema:
    """Text is parsed, a value that was made in code is taken as it is."""
    parsed = core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema())
    return core_schema.json_or_python_schema(
        json_schema=parsed,
        python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), parsed], mode="left_to_right"),
    )
