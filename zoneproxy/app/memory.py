"""How the process handles memory: settings of CPython's and the C library's that suit a proxy better than theirs."""

from __future__ import annotations

import ctypes
import gc

# From <malloc.h> of the GNU C library.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

_MIB = 1024 * 1024
KEPT = 64 * _MIB  # bytes of freed memory that stay with each arena
ARENAS = 2


def relax_collector() -> None:
    """Have cyclic garbage looked for less often: messages make none, and the search costs a tenth of a small request.

    What stands after the start stays until the end, and is left out of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def keep_freed_memory() -> bool:
    """Have the C library keep the memory of a freed batch for the next one; False if it cannot be told to.

    By default it gives blocks of a batch's size back to the kernel at once, and the next one is paid for page by page:
    a third of the CPU time of fetching records that are looked into.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    wanted = {_M_TRIM_THRESHOLD: KEPT, _M_MMAP_THRESHOLD: KEPT // 2, _M_ARENA_MAX: ARENAS}
    return all(mallopt(parameter, value) == 1 for parameter, value in wanted.items())
