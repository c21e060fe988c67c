"""Memory that is kept while something computes, and let go afterwards."""

import os
import sys
from pathlib import Path

import pytest
import torch

from engine.memory import kept_memory

_MB = 200


def held_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def use() -> None:
    torch.ones(_MB * 1_000_000 // 4)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing has to be kept")
def test_large_tensors_stay_with_the_process_until_the_end() -> None:
    before = held_mb()
    use()
    assert held_mb() < before + _MB / 2  # as it comes
    with kept_memory():
        use()
        assert held_mb() > before + _MB / 2
    assert held_mb() < before + _MB / 2
    use()
    assert held_mb() < before + _MB / 2  # and again as it comes
