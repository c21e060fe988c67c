"""Breathing places: what is done there is done within a step, and changes nothing of it."""

import threading
from collections.abc import Callable

import torch
from torch import nn

from engine.breathing import breathe, breathing, let_breathe


class Counted:
    """An interlude that is always due: counts how often it was taken, and does something."""

    def __init__(self, do: Callable[[], object] = lambda: None) -> None:
        self.count = 0
        self._do = do

    def is_due(self) -> bool:
        return True

    def take(self) -> None:
        self.count += 1
        self._do()


def network() -> nn.Module:
    torch.manual_seed(3)
    made = nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Dropout(), nn.Conv2d(4, 1, 3)
    )
    let_breathe(made)
    return made


def step(made: nn.Module) -> list[torch.Tensor]:
    """A step with random numbers of torch's own; what it has computed."""
    torch.manual_seed(5)
    loss = made(torch.rand(2, 2, 8, 8)).square().mean()
    loss.backward()
    return [loss.detach(), *(weight.grad for weight in made.parameters() if weight.grad is not None)]


def test_a_network_breathes_after_each_layer_with_weights_and_after_its_gradient() -> None:
    counted = Counted()
    with breathing(counted):
        step(network())
    assert counted.count == 6
    step(network())
    assert counted.count == 6


def test_a_step_computes_the_same_whatever_is_done_within_it() -> None:
    alone = step(network())

    def disturb() -> None:
        other = network().eval()
        other(torch.rand(1, 2, 8, 8)).sum().backward()

    counted = Counted(disturb)
    with breathing(counted):
        disturbed = step(network())
    assert counted.count == 6  # none at the breathing places of what was done there
    assert all(torch.equal(before, after) for before, after in zip(alone, disturbed, strict=True))


def test_no_mode_of_the_step_is_on_at_a_breathing_place() -> None:
    seen: list[tuple[bool, bool, bool]] = []

    def look() -> None:
        seen.append(
            (torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.is_autocast_enabled("cpu"))
        )

    with breathing(Counted(look)):
        with torch.no_grad():
            breathe()
        with torch.inference_mode():
            breathe()
            assert torch.is_inference_mode_enabled()
        with torch.autocast("cpu", torch.bfloat16):
            breathe()
            assert torch.is_autocast_enabled("cpu")
        step(network())
    assert set(seen) == {(True, False, False)}


def test_another_thread_does_nothing_else() -> None:
    counted = Counted()
    with breathing(counted):
        thread = threading.Thread(target=breathe)
        thread.start()
        thread.join()
        assert counted.count == 0
        breathe()
    assert counted.count == 1
