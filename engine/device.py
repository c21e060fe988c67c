"""What the engine computes on: device, threads, memory, seeds."""

import os
import platform
import sys
from contextlib import AbstractContextManager, nullcontext

import torch

from engine.errors import EngineError
from engine.threads import thread_count

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")


def pick_device() -> torch.device:
    """The fastest device there is: CUDA, Apple's GPU, CPU; `ANOGEN_DEVICE` decides otherwise.

    Raises:
        EngineError: `ANOGEN_DEVICE` names none that is there.
    """
    chosen = os.environ.get("ANOGEN_DEVICE", "")
    available = ["cuda"] if torch.cuda.is_available() else []
    available += ["mps"] if torch.backends.mps.is_available() else []
    available += ["cpu"]
    if not chosen:
        return torch.device(available[0])
    name, _, index = chosen.partition(":")
    count = torch.cuda.device_count() if name == "cuda" else 1
    if name not in available or (index and not (index.isdecimal() and int(index) < count)):
        raise EngineError(
            f"There is no device “{chosen}” on this computer.",
            f"Set ANOGEN_DEVICE to {' or '.join(available)}, or to nothing.",
        )
    return torch.device(chosen)


def describe_device(device: torch.device | None = None) -> str:
    """What a person calls it: “NVIDIA H200, 140 GB” or “CPU, 2 threads”."""
    device = device or pick_device()
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name}, {round(properties.total_memory / 1e9)} GB"
    if device.type == "mps":
        return f"Apple GPU ({platform.machine()})"
    count = torch.get_num_threads()
    return f"CPU, {count} thread{'s' if count != 1 else ''}"


def seeded_generator(seed: int, device: torch.device | None = None) -> torch.Generator:
    """Random numbers of a seed, on the CPU unless said otherwise: every device then draws the same ones."""
    return torch.Generator(device or "cpu").manual_seed(seed)


def tune_cpu() -> int:
    """Let torch compute with no more threads than there are physical cores to use; returns how many.

    Numbers too small for float32's normal range count as 0: the softmax of a trained attention yields plenty of them,
    and Intel's cores take a hundred cycles for each (its backward pass: 12 ms instead of 2.5, a step of stage 1: 210 ms
    instead of 175).

    To be called once, before anything is computed: threads that are started later inherit it. See `engine.threads` for
    when others compute too.
    """
    torch.set_flush_denormal(True)
    count = thread_count()
    torch.set_num_threads(count)
    return count


def fast_arithmetic(device: torch.device) -> AbstractContextManager[object]:
    """While open, networks compute in bfloat16 on a CUDA card that can; nothing changes elsewhere.

    On a CPU bfloat16 was slower in every configuration that was measured.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()


def peak_memory_bytes(device: torch.device | None = None) -> int:
    """The most memory held so far: the device's for CUDA, else the process's; 0 where nothing tells."""
    if device is not None and device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if sys.platform == "win32":
        return 0
    import resource  # there is none on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024


def is_out_of_memory(error: BaseException) -> bool:
    """Did this fail for want of memory, on whatever device?"""
    if isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _OUT_OF_MEMORY)
