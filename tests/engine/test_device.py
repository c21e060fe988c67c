"""What the engine computes on, and what it says of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from engine.device import (
    describe_device,
    is_out_of_memory,
    peak_memory_bytes,
    pick_device,
    seeded_generator,
    tune_cpu,
)
from engine.errors import EngineError


@pytest.fixture
def accelerators(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Which accelerators the computer pretends to have; none, and none is asked for."""
    there = {"cuda": False, "mps": False}
    monkeypatch.delenv("ANOGEN_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there["cuda"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2 if there["cuda"] else 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: there["mps"])
    return there


@pytest.mark.parametrize(
    ("cuda", "mps", "best"), [(False, False, "cpu"), (False, True, "mps"), (True, False, "cuda")]
)
def test_the_fastest_device_is_picked(
    accelerators: dict[str, bool], cuda: bool, mps: bool, best: str
) -> None:
    accelerators.update(cuda=cuda, mps=mps)
    assert pick_device() == torch.device(best)


@pytest.mark.parametrize("chosen", ["cpu", "cuda", "cuda:1"])
def test_the_environment_decides(
    accelerators: dict[str, bool], monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    accelerators["cuda"] = True
    monkeypatch.setenv("ANOGEN_DEVICE", chosen)
    assert pick_device() == torch.device(chosen)


@pytest.mark.parametrize("chosen", ["cuda", "mps", "gpu", "cpu:x", "cpu:1", ":", "cuda:0"])
def test_a_device_that_is_not_there_is_told(
    accelerators: dict[str, bool], monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setenv("ANOGEN_DEVICE", chosen)
    with pytest.raises(EngineError) as told:
        pick_device()
    assert f"“{chosen}”" in told.value.message
    assert "to cpu, or to nothing" in told.value.hint


def test_a_second_card_that_is_not_there_is_told(
    accelerators: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    accelerators["cuda"] = True
    monkeypatch.setenv("ANOGEN_DEVICE", "cuda:2")
    with pytest.raises(EngineError, match="cuda or cpu"):
        pick_device()


@pytest.fixture
def untuned() -> Iterator[None]:
    """The CPU as torch finds it, before and after."""
    before = torch.get_num_threads()
    torch.set_flush_denormal(False)
    yield
    torch.set_flush_denormal(False)
    torch.set_num_threads(before)


@pytest.mark.usefixtures("untuned")
@pytest.mark.parametrize(("threads", "words"), [(1, "CPU, 1 thread"), (2, "CPU, 2 threads")])
def test_capped_threads_are_told(monkeypatch: pytest.MonkeyPatch, threads: int, words: str) -> None:
    monkeypatch.setenv("ANOGEN_THREADS", str(threads))
    assert tune_cpu() == threads
    assert torch.get_num_threads() == threads
    assert describe_device(torch.device("cpu")) == words


@pytest.mark.usefixtures("untuned")
def test_numbers_below_the_normal_range_are_zero_in_threads_started_later() -> None:
    tiny = torch.full((8,), 1e-40)
    assert (tiny * 0.5).all(), "this processor keeps them by itself: nothing is tested"
    tune_cpu()
    with ThreadPoolExecutor(1) as thread:
        assert not thread.submit(lambda: tiny * 0.5).result().any()


def test_a_seed_gives_the_same_numbers() -> None:
    first, again, other = (torch.randn(4, generator=seeded_generator(seed)) for seed in (5, 5, 6))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_peak_memory_is_that_of_the_process() -> None:
    block = torch.ones(32 * 2**20, dtype=torch.uint8)
    assert peak_memory_bytes() >= block.nbytes


def test_a_failed_allocation_is_out_of_memory() -> None:
    with pytest.raises(RuntimeError) as failure:
        torch.empty(2**52, dtype=torch.uint8)
    assert is_out_of_memory(failure.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (torch.cuda.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_only_want_of_memory_counts_as_such(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected
