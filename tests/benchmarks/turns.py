"""Two loops measured in turns, each in a thread of its own that computes as its program would.

A second thread that computes is half as slow again as the only one (measured), so both sides get one, or neither does.
Without gradients denormals cost nothing that can be measured: sampling is timed without threads.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch

_ROUNDS, _STEPS_A_ROUND = 3, 6


def steps_per_second(upstream: Callable[[], object], ours: Callable[[], object]) -> tuple[float, float]:
    """Steps per second of both, a few of each in turn, so that noise of the machine meets both."""
    seconds = [0.0, 0.0]
    with _thread(is_tuned=False) as theirs, _thread(is_tuned=True) as own:
        turns = ((theirs, upstream), (own, ours))
        for thread, step in turns:
            thread.submit(step).result()
        for _ in range(_ROUNDS):
            for index, (thread, step) in enumerate(turns):
                seconds[index] += thread.submit(_timed, step).result()
    total = _ROUNDS * _STEPS_A_ROUND
    return total / seconds[0], total / seconds[1]


def _thread(is_tuned: bool) -> ThreadPoolExecutor:
    """A thread that computes as `engine.device.tune_cpu` has it, or as torch does by itself."""
    return ThreadPoolExecutor(1, initializer=torch.set_flush_denormal, initargs=(is_tuned,))


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(_STEPS_A_ROUND):
        step()
    return time.perf_counter() - start
