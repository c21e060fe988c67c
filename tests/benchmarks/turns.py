"""Two loops measured in turns, each in a thread of its own that computes as its program would.

A second thread that computes is half as slow again as the only one (measured), so both sides get one, or neither does.
Without gradients denormals cost nothing that can be measured: sampling is timed without threads.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import torch


def steps_per_second(
    upstream: Callable[[], object], ours: Callable[[], object], rounds: int = 3, steps_a_round: int = 6
) -> tuple[float, float]:
    """Steps per second of both, the median of rounds of a few of each in turn, so that noise meets both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    with _thread(is_tuned=False) as theirs, _thread(is_tuned=True) as own:
        turns = ((theirs, upstream), (own, ours))
        for thread, step in turns:
            thread.submit(step).result()
        for _ in range(rounds):
            for (thread, step), taken in zip(turns, seconds, strict=True):
                taken.append(thread.submit(_timed, step, steps_a_round).result())
    return steps_a_round / median(seconds[0]), steps_a_round / median(seconds[1])


def _thread(is_tuned: bool) -> ThreadPoolExecutor:
    """A thread that computes as `engine.device.tune_cpu` has it, or as torch does by itself."""
    return ThreadPoolExecutor(1, initializer=torch.set_flush_denormal, initargs=(is_tuned,))


def _timed(step: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        step()
    return time.perf_counter() - start
