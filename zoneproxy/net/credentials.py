"""The credentials file in use: read again when it has changed; one that cannot be used never replaces one that can."""

from __future__ import annotations

from pathlib import Path

from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.identity.sasl.credentials import Credentials
from zoneproxy.identity.sasl.credentials_file import parse_credentials
from zoneproxy.net.observer import Observer
from zoneproxy.net.stamps import stamp

MAX_BYTES = 64 * 1024 * 1024  # 100,000 users are about 50 MiB


class CredentialStore:
    """Holds ``credentials``. Raises InvalidConfiguration if the file cannot be used at first."""

    def __init__(self, file: str, observer: Observer) -> None:
        self._file = file
        self._observer = observer
        self._stamp = stamp(file)
        self.credentials = self._read()

    def refresh(self) -> None:
        """Read the file again if it was changed. Never raises."""
        now = stamp(self._file)
        if now == self._stamp:
            return
        self._stamp = now
        try:
            self.credentials = self._read()
        except InvalidConfiguration as error:
            self._observer.credentials_refused(len(error.problems))

    def _read(self) -> Credentials:
        credentials = parse_credentials(_text_of(self._file), self._file)
        self._observer.credentials_loaded(len(credentials))
        return credentials


def _text_of(file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        hint = "`zoneproxy credentials set NAME` writes it" if isinstance(error, FileNotFoundError) else ""
        raise InvalidConfiguration([Problem(file, 0, 0, f"cannot be read: {error.strerror}", hint)]) from error
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if not text or len(data) > MAX_BYTES:
        raise InvalidConfiguration([Problem(file, 0, 0, "is no credentials file")])
    return text
