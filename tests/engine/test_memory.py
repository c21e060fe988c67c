"""Memory that is kept while something computes, and let go afterwards."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os
from pathlib import Path

import torch

from engine.memory import kept_memory

MB = 200


def held_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def use() -> None:
    torch.ones(MB * 1_000_000 // 4)


before = held_mb()
use()
assert held_mb() < before + MB / 2  # as it comes
with kept_memory():
    use()
    assert held_mb() > before + MB / 2
assert held_mb() < before + MB / 2
use()
assert held_mb() < before + MB / 2  # and again as it comes
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing has to be kept")
def test_large_tensors_stay_with_the_process_until_the_end() -> None:
    """In a process of its own: one that has computed before may have room for them already."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
