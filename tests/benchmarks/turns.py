"""Two loops measured in turns, each in a thread of its own that computes as its program would."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch

_ROUNDS, _STEPS_A_ROUND = 3, 6


def upstream_thread() -> ThreadPoolExecutor:
    """A thread that computes as torch does by itself: `engine.device.tune_cpu` has not been heard of there."""
    return ThreadPoolExecutor(1, initializer=torch.set_flush_denormal, initargs=(False,))


def steps_per_second(upstream: Callable[[], object], ours: Callable[[], object]) -> tuple[float, float]:
    """Steps per second of both, a few of each in turn, so that noise of the machine meets both."""
    seconds = [0.0, 0.0]
    with upstream_thread() as theirs, ThreadPoolExecutor(1) as own:
        turns = ((theirs, upstream), (own, ours))
        for thread, step in turns:
            thread.submit(step).result()
        for _ in range(_ROUNDS):
            for index, (thread, step) in enumerate(turns):
                seconds[index] += thread.submit(_timed, step).result()
    total = _ROUNDS * _STEPS_A_ROUND
    return total / seconds[0], total / seconds[1]


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(_STEPS_A_ROUND):
        step()
    return time.perf_counter() - start
