"""Python's garbage collector and the C library's, told what kind of process this is."""

import ctypes
import gc
from contextlib import suppress

# Containers made before the collector looks at the youngest of them. Five hundred orders in one
# call make a hundred thousand that are all in use.
_YOUNG = 20_000


def leave_out_what_is_here() -> None:
    """Take everything that was imported so far out of the collector's rounds.

    It lives as long as the process, and looking at all of it again takes a full round a tenth of a
    second in which nobody is answered. Called once, when a process is ready for its work.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    give_memory_back()


def give_memory_back() -> None:
    """Hand the system what was freed. glibc does so by itself for the end of its heap only."""
    with suppress(AttributeError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)
