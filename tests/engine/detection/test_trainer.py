"""The learning rates of the papers, and batches in parts."""

import pytest
import torch

from engine.detection.detector import Batch
from engine.detection.trainer import rate_factor, split


@pytest.mark.parametrize(
    ("step", "factor"), [(0, 1), (399, 1), (400, 0.1), (599, 0.1), (600, 0.01), (699, 0.01)]
)
def test_draems_rate_falls_at_400_and_600_of_700(step: int, factor: float) -> None:
    assert rate_factor("draem", step, 700) == pytest.approx(factor)
    assert rate_factor("destseg", step, 700) == 1


def test_parts_are_the_batch() -> None:
    image, mask = torch.rand(5, 3, 2, 2), torch.rand(5, 1, 2, 2)
    batch = Batch(image, image, mask, mask, torch.arange(5) > 2, mask)
    parts = list(split(batch, 2))
    assert [len(part.image) for part in parts] == [2, 2, 1]
    assert torch.equal(torch.cat([part.mask for part in parts]), mask)
    assert torch.equal(torch.cat([part.is_generated for part in parts]), batch.is_generated)
