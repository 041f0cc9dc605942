"""A plugin for pytest: what is tested is the compiled build, or nothing is (see ``tools.compiled``)."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tools.compiled import COPY, modules


def not_compiled(names: list[str], copy: Path = COPY) -> list[str]:
    """Which of these modules are no extension modules of the copy."""
    return [name for name in names if not _is_compiled(Path(importlib.import_module(name).__file__ or ""), copy)]


def _is_compiled(file: Path, copy: Path) -> bool:
    return file.suffix in (".so", ".pyd") and file.is_relative_to(copy)


def pytest_sessionstart() -> None:
    """End at once if anything is not compiled."""
    if names := not_compiled(modules()):
        pytest.exit(f"not compiled: {', '.join(names)}", returncode=1)


def pytest_report_header() -> str:
    """Say so."""
    return f"compiled modules: {len(modules())}"
