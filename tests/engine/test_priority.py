"""The engine's process, and all of its threads, give way to others."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="priorities are numbers on POSIX systems only"
)

_SCRIPT = """
import os, threading
from engine.priority import give_way
give_way()
seen = []
thread = threading.Thread(target=lambda: seen.append(os.nice(0)))
thread.start()
thread.join()
print(os.nice(0), *seen)
"""


def test_threads_that_are_started_later_give_way_too() -> None:
    niceness = os.nice(0)
    told = subprocess.run([sys.executable, "-c", _SCRIPT], check=True, capture_output=True, text=True).stdout
    assert [int(word) for word in told.split()] == [min(niceness + 5, 19)] * 2
