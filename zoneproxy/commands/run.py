"""``zoneproxy run``."""

from __future__ import annotations

import sys

import typer

from zoneproxy.commands.common import DEFAULT_CONFIG, ConfigOption, reporting, version


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the proxy until SIGTERM or SIGINT.

    It stops accepting then, lets requests in flight finish, and ends. Policies are read again when their files change,
    and on SIGHUP at once: a policy with any problem is refused, each problem is logged, and the policy before stays in
    force. Certificates are read again when their files change. Logs go to stderr.
    """
    from zoneproxy.app.run import run as run_proxy

    raise typer.Exit(reporting(lambda: run_proxy(config, version()), sys.stderr))
