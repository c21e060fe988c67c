"""A detector being trained: one step after the other, in parts where memory is short."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import fields
from typing import cast

import torch
from torch import Tensor, nn

from engine.breathing import let_breathe
from engine.data.checkpoint import load_optimizer_tensors, optimizer_tensors
from engine.detection.convolution import in_channels_last
from engine.detection.detector import Batch, Detector
from engine.detection.training_data import TrainingData
from engine.device import fast_arithmetic, is_out_of_memory
from engine.protocol import DetectorKind

_NETWORK = "network."
_FIXED = 2**40  # a step that no training reaches: its batch is what is evaluated on
_DRAEM_DROPS = (4 / 7, 6 / 7)  # epochs 400 and 600 of 700


class Trainer:
    """The state of one training: network (in place), optimiser, step.

    Attributes:
        step: steps that are done.
        part: photos that are computed at once; halved when memory runs out, the gradient is that of the batch.
    """

    def __init__(
        self, network: nn.Module, kind: DetectorKind, data: TrainingData, steps: int, device: torch.device
    ) -> None:
        self.network = in_channels_last(network.to(device))
        let_breathe(self.network)
        self._detector = cast(Detector, self.network)
        self._optimizer = self._detector.optimizer()
        self._rates = [group["lr"] for group in self._optimizer.param_groups]
        self._kind, self._data, self._steps, self._device = kind, data, steps, device
        self._fixed: Batch | None = None
        self.part = 2**30
        self.step = 0

    def advance(self) -> float:
        """One optimiser step; returns its loss. One that is no number changes nothing."""
        batch = to_device(self._data.batch(self.step), self._device)
        self.network.train()
        loss = self._gradient(batch)
        if math.isfinite(loss):
            for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
                group["lr"] = rate * rate_factor(self._kind, self.step, self._steps)
            self._optimizer.step()
            self.step += 1
        return loss

    def evaluate(self) -> float:
        """The loss on a fixed batch; changes nothing."""
        if self._fixed is None:
            self._fixed = to_device(self._data.batch(_FIXED), self._device)
        with self._looking():
            return float(sum(self._detector.training_step(self._fixed, self.step).values()))

    def infer(self, photos: Tensor) -> Tensor:
        """Anomaly maps (B, H, W), float32 on the CPU, of photos (B, 3, H, W) in [0, 1]; changes nothing."""
        with self._looking():
            maps, _ = self._detector.infer(photos.to(self._device))
        return maps.float().cpu()

    def state(self) -> dict[str, Tensor]:
        """Everything that `load_state` needs to go on as if nothing had happened."""
        network = {f"{_NETWORK}{name}": tensor for name, tensor in self.network.state_dict().items()}
        return {**network, **optimizer_tensors(self._optimizer)}

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None:
        """Raises RuntimeError where the tensors are those of another network."""
        self.network.load_state_dict(network_tensors(tensors))
        load_optimizer_tensors(self._optimizer, tensors)
        self.step = step

    def is_sound(self) -> bool:
        """Are all weights numbers?"""
        return all(bool(torch.isfinite(weight).all()) for weight in self.network.parameters())

    @contextlib.contextmanager
    def _looking(self) -> Iterator[None]:
        """While open, the network is in evaluation mode and keeps no gradient."""
        self.network.eval()
        with torch.no_grad(), fast_arithmetic(self._device):
            yield

    def _gradient(self, batch: Batch) -> float:
        """The batch's loss, and its gradient in the parameters, in as many parts as memory asks for."""
        while True:
            try:
                self._optimizer.zero_grad(set_to_none=True)
                return sum(self._part_gradient(part, batch) for part in split(batch, self.part))
            except (RuntimeError, MemoryError) as error:
                size = min(self.part, len(batch.image))
                if not is_out_of_memory(error) or size == 1:
                    raise
                self.part = -(-size // 2)
            if self._device.type == "cuda":
                torch.cuda.empty_cache()

    def _part_gradient(self, part: Batch, batch: Batch) -> float:
        with fast_arithmetic(self._device):
            losses = self._detector.training_step(part, self.step)
        share = len(part.image) / len(batch.image)
        loss = torch.stack([term.float() for term in losses.values()]).sum() * share
        loss.backward()
        return float(loss.detach())


def network_tensors(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The network's own tensors of a trainer's state."""
    return {name.removeprefix(_NETWORK): t for name, t in state.items() if name.startswith(_NETWORK)}


def rate_factor(kind: DetectorKind, step: int, steps: int) -> float:
    """What the learning rate is multiplied by: DRAEM's is divided by 10 twice, DeSTSeg's stays."""
    if kind == "destseg":
        return 1.0
    return 0.1 ** sum(step >= drop * steps for drop in _DRAEM_DROPS)


def to_device(batch: Batch, device: torch.device) -> Batch:
    return Batch(*(getattr(batch, each.name).to(device) for each in fields(Batch)))


def split(batch: Batch, size: int) -> Iterator[Batch]:
    """The batch in parts of at most `size`."""
    for start in range(0, len(batch.image), size):
        yield Batch(*(getattr(batch, each.name)[start : start + size] for each in fields(Batch)))
