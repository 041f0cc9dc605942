"""`make compiled`: a copy of the package in .work/compiled whose inner loops are extension modules (mypyc).

A copy, because Python prefers an extension module to the .py beside it: whoever edits that would wonder. It is made
again when a source has changed. ``python -m tools.compiled`` makes it; with ``-- PROGRAM...`` it then runs a module of
this tree with the compiled package instead of that beside it:

    python -m tools.compiled -- tools.bench_detect --rounds 3

``--tests`` runs the tests of the rooms that are compiled, in which ``tools.compiled_proof`` sees to it that it is
extension modules that are tested.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / ".work" / "compiled"
COPIED = ("setup.py", "pyproject.toml", "requirements.in", "README.md", "LICENSE")  # what building a package asks for
SHELL = ("net", "identity", "keys", "audit", "telemetry", "app", "commands", "cli.py")  # what nothing compiled imports
LAST_LINES = 40  # of what the compilers said
MADE_FROM = "made-from"  # the digest of the sources that the copy was compiled from

NO_COMPILER = """\
The compiled build needs a C compiler ({compiler}) on the PATH.
On Debian: apt-get install gcc libc6-dev"""
NO_HEADERS = """\
The compiled build needs Python's own headers ({header} is missing).
On Debian: apt-get install python3-dev"""


class CannotCompile(Exception):
    """Something is missing on this machine, or the compiler refuses; the text says what."""


def settings(root: Path = ROOT) -> dict[str, list[str]]:
    """What pyproject.toml says of the compiled build."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    made: dict[str, list[str]] = tomllib.loads(text)["tool"]["zoneproxy"]["compiled"]
    return made


def modules(root: Path = ROOT) -> list[str]:
    """The names of the modules that are compiled."""
    paths = {path for pattern in settings(root)["modules"] for path in root.glob(pattern)}
    return sorted(".".join(path.relative_to(root).with_suffix("").parts) for path in paths)


def check_tools() -> None:
    """Raises CannotCompile: a compiler or Python's headers are missing."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(os.environ.get("CC") or compiler) is None:
        raise CannotCompile(NO_COMPILER.format(compiler=compiler))
    header = Path(sysconfig.get_paths()["include"]) / "Python.h"
    if not header.exists():
        raise CannotCompile(NO_HEADERS.format(header=header))


def digest(root: Path = ROOT) -> str:
    """Of all that decides on what the compiler makes."""
    made = hashlib.sha256(f"{sys.version} mypy {importlib.metadata.version('mypy')}".encode())
    made.update(str(settings(root)["modules"]).encode())
    package = root / "zoneproxy"
    core = [path for path in sorted(package.rglob("*.py")) if path.relative_to(package).parts[0] not in SHELL]
    for path in [root / "setup.py", *core]:
        made.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def make(root: Path = ROOT, copy: Path = COPY) -> None:
    """Bring the copy up to date. Raises CannotCompile."""
    mark, of = copy / MADE_FROM, digest(root)
    is_compiled = mark.exists() and mark.read_text() == of
    if not is_compiled:
        check_tools()
        shutil.rmtree(copy, ignore_errors=True)
    not_sources = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "zoneproxy", copy / "zoneproxy", ignore=not_sources, dirs_exist_ok=True)
    for name in COPIED:
        shutil.copy2(root / name, copy)
    if not is_compiled:
        build(copy)
        mark.write_text(of)


def build(copy: Path) -> None:
    """Compile in place. Raises CannotCompile with what the compilers said."""
    command = [sys.executable, "-W", "ignore", "setup.py", "--quiet", "build_ext", "--inplace"]
    environment = os.environ | {"ZONEPROXY_COMPILE": "1"}
    print("compiling with mypyc, which takes some minutes", file=sys.stderr)
    run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        said = (run.stdout + run.stderr).splitlines()
        raise CannotCompile("\n".join(said[-LAST_LINES:]))


def run(copy: Path, module: str, arguments: Sequence[str]) -> int:
    """Run a module of this tree with the compiled package, in processes that it starts as well; its exit code."""
    # Else the current folder would come first, and the package that is not compiled is there.
    environment = os.environ | {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(map(str, (copy, ROOT)))}
    return subprocess.run([sys.executable, "-m", module, *arguments], env=environment, check=False).returncode


def main(given: Sequence[str] | None = None) -> int:
    """Compile, and run what was asked for."""
    parser = argparse.ArgumentParser(prog="make compiled", description="Compile what pyproject.toml lists (mypyc).")
    parser.add_argument("--tests", action="store_true", help="run the tests of what is compiled; PROGRAM are options")
    parser.add_argument("program", nargs="*", metavar="PROGRAM", help="a Python module to run there, and its arguments")
    arguments = parser.parse_args(given)
    try:
        make()
    except CannotCompile as why:
        print(why, file=sys.stderr)
        return 1
    if arguments.tests:
        proven = ["-p", "tools.compiled_proof", "-o", f"pythonpath={COPY}", "-m", "not long and not interpreted"]
        return run(COPY, "pytest", ["-q", *proven, *(arguments.program or settings()["tests"])])
    if arguments.program:
        return run(COPY, arguments.program[0], arguments.program[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
