from __future__ import annotations

import ctypes
import gc
import platform
import subprocess
import sys

import pytest

from zoneproxy.app.memory import keep_freed_memory, relax_collector

FAULTS = """
import resource, sys
from zoneproxy.app.memory import keep_freed_memory
if sys.argv[1] == "kept":
    assert keep_freed_memory()
bytearray(1 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    bytearray(b"x") * (1 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_garbage_is_looked_for_less_often() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        relax_collector()
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="settings of the GNU C library")
def test_freed_memory_is_used_again() -> None:
    def faults(how: str) -> int:
        return int(subprocess.check_output([sys.executable, "-c", FAULTS, how]))

    assert faults("kept") < faults("given back") / 2


def test_other_c_libraries_do_as_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert not keep_freed_memory()


def test_this_one_is_told() -> None:
    told = []

    class Library:
        @staticmethod
        def mallopt(parameter: int, value: int) -> int:
            told.append((parameter, value))
            return 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ctypes, "CDLL", lambda _: Library)
        assert keep_freed_memory()
    assert [parameter for parameter, _ in told] == [-1, -3, -8]
