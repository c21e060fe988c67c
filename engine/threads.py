"""How many threads compute, and how they wait for each other. Loads no torch: it has to come before it."""

import math
import os
from pathlib import Path

_CPU_TOPOLOGY = Path("/sys/devices/system/cpu")
_CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_SPINS = "10000"


def spin_briefly() -> None:
    """Let threads that wait go to sleep soon, so that another process can compute. Before numpy and torch are imported.

    A waiting thread of GNU OpenMP burns its core for milliseconds, and two processes of two threads on two
    cores take each other's time until hardly anything is computed. Measured there, in steps a second of a
    small network, alone and each of two at once: 23 and 1.5 as it comes, 23 and 9 with this (one thread each:
    13). Fewer threads while others compute would do as well, but the last bits of a result depend on the
    number of threads, and the same seed is to give the same bytes whatever else runs.

    numpy's and OpenCV's matrices are small: a second thread of OpenBLAS gains nothing there, and costs up to thirty
    times as much while another process computes (a texture: 160 ms of the processor instead of 12).
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    os.environ.setdefault("KMP_BLOCKTIME", "1")  # milliseconds; Intel's and LLVM's OpenMP


def thread_count() -> int:
    """Threads to compute with: `ANOGEN_THREADS`, else `OMP_NUM_THREADS`, else one for each physical core."""
    for name in ("ANOGEN_THREADS", "OMP_NUM_THREADS"):
        value = os.environ.get(name, "").split(",")[0].strip()
        if value.isdecimal() and int(value) > 0:
            return int(value)
    return physical_cores()


def physical_cores() -> int:
    """Cores that this process may use, without hyper-threads, within the container's quota; at least 1."""
    siblings = {_siblings(cpu) for cpu in _usable_cpus()}
    return max(1, min(len(siblings), math.ceil(_quota())))


def _siblings(cpu: int) -> str:
    """The processors that share a core with this one, as Linux writes them; elsewhere just this one."""
    try:
        return (_CPU_TOPOLOGY / f"cpu{cpu}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _usable_cpus() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _quota() -> float:
    """Cores' worth of time that the container grants; all of them where nothing says so."""
    try:
        granted, period = _CPU_QUOTA.read_text().split()
        return int(granted) / int(period)
    except (OSError, ValueError):
        return float(os.cpu_count() or 1)
