"""What every detector is: a network that learns from batches, and gives photos an anomaly map and an image score."""

from dataclasses import dataclass
from typing import Literal, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

Preset = Literal["paper", "light"]
Losses = dict[str, Tensor]
"""Terms by name, each a scalar; the loss is their sum."""


@dataclass(frozen=True)
class Batch:
    """Photos to learn from, of one size; all tensors are on the detector's device.

    Attributes:
        image: I_a, (B, 3, H, W) in [0, 1], with or without an anomaly.
        clean: I, (B, 3, H, W) in [0, 1], the same without one.
        mask: (B, 1, H, W), 1 on the pixels of a pasted anomaly, else 0.
        weak_boxes: M_box, (B, 1, H, W), 1 in the boxes of a generated anomaly, else 0.
        is_generated: (B,) bool, a sample of the backbone.
        valid: (B, 1, H, W), 0 where a turned photo left its corners empty, else 1.
    """

    image: Tensor
    clean: Tensor
    mask: Tensor
    weak_boxes: Tensor
    is_generated: Tensor
    valid: Tensor

    @property
    def target(self) -> Tensor:
        """M, (B, 1, H, W): what the map is to be, the exact mask or else the boxes."""
        return torch.maximum(self.mask, self.weak_boxes)

    def at(self, height: int, width: int) -> "Batch":
        """The same with masks of a network's output size: 1 where at least half of a cell is.

        A cell is valid only if all of it is.
        """
        if self.mask.shape[-2:] == (height, width):
            return self

        def shrink(mask: Tensor, share: float) -> Tensor:
            return (F.adaptive_avg_pool2d(mask.float(), (height, width)) >= share).float()

        mask, boxes = shrink(self.mask, 0.5), shrink(self.weak_boxes, 0.5)
        return Batch(self.image, self.clean, mask, boxes, self.is_generated, shrink(self.valid, 0.999))


class Detector(Protocol):
    """What training, evaluation and export know of DRAEM and DeSTSeg; both are `nn.Module`s."""

    def training_step(self, batch: Batch, step: int) -> Losses:
        """The losses of a batch, to be summed, at step 0, 1, … of the training (its phase and warm-up)."""

    def infer(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Anomaly maps (B, H, W) in [0, 1] and image scores (B,) of photos (B, 3, H, W) in [0, 1]."""

    def optimizer(self) -> torch.optim.Optimizer:
        """The paper's, over all that is trained.

        What a phase does not train gets no gradient: clear gradients with `set_to_none`, and it stays as it is.
        """
