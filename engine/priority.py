"""How urgent what this process computes is to the system."""

import contextlib
import os
import sys

_NICENESS = 5
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


def give_way() -> None:
    """Let the window come first, and whatever else a person does; on an idle machine nothing changes.

    To be called before other threads are started: on Linux they have the priority of the one that starts them.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with contextlib.suppress(OSError):
            os.nice(_NICENESS)
