"""The compiled build: with ZONEPROXY_COMPILE=1, mypyc makes extension modules of what pyproject.toml lists.

Without it nothing is compiled: the package is pure Python and needs no compiler. The same source makes both.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from setuptools import setup

if TYPE_CHECKING:
    from setuptools import Extension

# `make types` is strict, and knows the types of what is imported; where it is built, that may not even be installed.
MYPY = ["--config-file=", "--ignore-missing-imports", "--cache-dir=build/mypy"]

# mypyc 2.4 raises SystemError for a slice whose end is before its start, as of ``text[at - 1 : at]`` at 0: to Python
# that is empty. So sizes below 0 are 0 to what it generates.
GUARD = Path("build/slices.h")
SLICES = """\
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static inline PyObject *slice_of_bytes(const char *from, Py_ssize_t size) {
    return PyBytes_FromStringAndSize(from, size < 0 ? 0 : size);
}
static inline PyObject *slice_of_bytearray(const char *from, Py_ssize_t size) {
    return PyByteArray_FromStringAndSize(from, size < 0 ? 0 : size);
}
#define PyBytes_FromStringAndSize slice_of_bytes
#define PyByteArray_FromStringAndSize slice_of_bytearray
"""


def modules() -> list[str]:
    """The modules to be compiled, in the order of their names."""
    listed = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["zoneproxy"]["compiled"]["modules"]
    return sorted({path.as_posix() for pattern in listed for path in Path().glob(pattern)})


def extensions() -> list[Extension]:
    """What there is to be built, if it is wanted."""
    if os.environ.get("ZONEPROXY_COMPILE", "0") in ("", "0"):
        return []
    from mypyc.build import mypycify  # only now: nobody else needs it

    made: list[Extension] = mypycify([*MYPY, *modules()], opt_level="2", debug_level="0", group_name="zoneproxy")
    GUARD.parent.mkdir(exist_ok=True)
    GUARD.write_text(SLICES)
    for extension in made:
        extension.extra_compile_args = [*extension.extra_compile_args, "-include", GUARD.as_posix()]
    return made


setup(ext_modules=extensions())
