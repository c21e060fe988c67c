"""The weak weight of AnoGen: normal pixels in a generated box are not punished for being called normal.

    L = L_rec + mean(L_seg(p, M_box) ⊙ W),     W = [p > τ] ∨ [M_box = 0]     (AnoGen, stage 3)

A box says where an anomaly is, not which of its pixels are anomalous.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.detection.detector import Batch


@dataclass(frozen=True)
class WeakLoss:
    """How W is worked out. The defaults are the product's.

    The authors' code weighs the exact masks of pasted anomalies as well, spares DeSTSeg's L1 term, ships τ = 0 for
    DeSTSeg, and knows no warm-up; `PAPER_CODE` of a detector does the same, for comparison.

    Attributes:
        threshold: τ, below which a pixel of a box is taken to be normal.
        warm_up_steps: W = 1 for so many steps, until p means something.
        generated_only: exact masks keep W = 1.
        every_term: W weighs every segmentation term, not the focal one alone.
    """

    threshold: float = 0.1
    warm_up_steps: int = 0
    generated_only: bool = True
    every_term: bool = True

    def weight(self, probability: Tensor, batch: Batch, step: int) -> Tensor:
        """W, (B, 1, h, w), exactly 0 or 1, and without a gradient.

        Args:
            probability: p, (B, 1, h, w) in [0, 1], of the size of the batch's masks.
            step: of the training of the segmentation, from 0.
        """
        if step < self.warm_up_steps:
            return torch.ones_like(probability)
        boxes = batch.target
        if self.generated_only:
            boxes = batch.weak_boxes * batch.is_generated[:, None, None, None]
        is_outside = boxes == 0
        return ((probability.detach() > self.threshold) | is_outside).to(probability.dtype)
