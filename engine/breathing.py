"""Breathing places: where, within a long step of a job, the engine may do something else.

A job that computes for seconds holds the thread that everything runs in. Its networks breathe: after each of their
layers, forward and backward, they ask whether anything waits, and if so it is done before they go on. What the job
computes stays the same to the last bit. See docs/adr/0017.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # whoever has a network has loaded torch
    from torch import Tensor, nn


class Interlude(Protocol):
    """What may be done at a breathing place."""

    def is_due(self) -> bool:
        """Does anything wait? Asked hundreds of times a second: has to be quick."""

    def take(self) -> None:
        """Do it. Raises nothing."""


_interlude: ContextVar[Interlude | None] = ContextVar("interlude", default=None)
"""A thread that a job has started has none: only the engine's own does anything else."""


@contextmanager
def breathing(interlude: Interlude | None) -> Iterator[None]:
    """While open, `interlude` may be taken at the breathing places that this thread comes by; None: nothing may."""
    token = _interlude.set(interlude)
    try:
        yield
    finally:
        _interlude.reset(token)


def breathe() -> None:
    """A breathing place. What is done there finds torch as between two steps, and leaves it as it was."""
    interlude = _interlude.get()
    if interlude is not None and interlude.is_due():
        with breathing(None), _as_between_steps():
            interlude.take()


def let_breathe(network: "nn.Module") -> None:
    """Make a breathing place after each layer of the network that has weights, and after its gradient."""
    for module in network.modules():
        if next(module.children(), None) is None and next(module.parameters(recurse=False), None) is not None:
            module.register_forward_hook(_after_layer)


def _after_layer(_module: "nn.Module", _inputs: Any, output: "Tensor") -> None:
    breathe()
    if output.requires_grad and _interlude.get() is not None:  # a step's backward pass is within the step
        output.register_hook(_before_gradient)


def _before_gradient(_gradient: "Tensor") -> None:
    """Called in the thread that has called `backward`, on a CPU; in another one, where nothing is done, on a GPU."""
    breathe()


@contextmanager
def _as_between_steps() -> Iterator[None]:
    """While open, no mode of the job's step is on; afterwards, its random numbers go on as if nothing had happened."""
    torch = sys.modules.get("torch")
    with ExitStack() as open_:
        if torch is not None:
            open_.enter_context(torch.random.fork_rng(devices=[]))
            open_.enter_context(torch.inference_mode(False))
            open_.enter_context(torch.enable_grad())
            for kind in ("cpu", "cuda"):
                if torch.is_autocast_enabled(kind):
                    open_.enter_context(torch.autocast(kind, enabled=False))
        yield
