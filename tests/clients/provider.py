"""A real OpenID Connect provider (npm's oidc-provider) that issues tokens to the clients of the tests."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kafka.java import WORK
from tests.kafka.process import Background
from tools.proxy_process import free_ports

if TYPE_CHECKING:
    from tests.kafka.certificates import Credentials

HERE = Path(__file__).resolve().parent / "oidc"
CLIENT = "dashboards"
SECRET = "-".join((CLIENT, "secret"))


@cache
def installed() -> Path:
    """The folder with the provider, fetched the first time, as its lock file says (hashes included)."""
    folder = WORK.parent / "oidc"
    lock, done = HERE / "package-lock.json", folder / "installed.json"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        assert shutil.which("npm"), "token tests need Node.js 18 or newer and npm; on Debian: apt install nodejs npm"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        fetched = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        assert fetched.returncode == 0, fetched.stderr[-2000:]
        shutil.copy(lock, done)
    shutil.copy(HERE / "provider.mjs", folder)
    return folder


class Provider:
    """Runs until ``close``. ``ca`` is whom to trust for its https."""

    def __init__(self, folder: Path, credentials: Credentials) -> None:
        port = free_ports(1)
        self.ca = credentials.ca
        self.issuer = f"https://localhost:{port}"
        program = str(installed() / "provider.mjs")
        command = ["node", program, str(port), str(credentials.certificate), str(credentials.key)]
        self._process = Background(command, folder / "provider.log", ready="ready")
        self._process.wait_ready(30)

    @property
    def token_endpoint(self) -> str:
        """Where clients get tokens."""
        return f"{self.issuer}/token"

    @property
    def keys(self) -> str:
        """Where the keys are that they are signed with."""
        return f"{self.issuer}/jwks"

    def close(self) -> None:
        """End it."""
        self._process.stop()
