"""zoneproxy.yaml: listeners, upstreams, TLS files, limits. Text in, checked values out; no file is read here."""

from __future__ import annotations
