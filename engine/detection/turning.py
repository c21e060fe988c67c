"""Turning a batch: photo, clean photo and boxes together, the corners that are left empty made known."""

import torch
import torch.nn.functional as F
from torch import Tensor

Turned = tuple[Tensor, Tensor, Tensor, Tensor]


def turn(images: Tensor, clean: Tensor, boxes: Tensor, angles: Tensor) -> Turned:
    """Turn everything about the centre, counter-clockwise.

    Args:
        images, clean: (B, 3, H, W) in [0, 1].   boxes: (B, 1, H, W), 0 or 1.   angles: (B,), radians.
    Returns:
        images, clean, boxes of the same shapes, and what is valid, (B, 1, H, W), 0 or 1. Empty corners are black.
    """
    valid = torch.ones_like(boxes)
    chosen = angles.nonzero()[:, 0]
    if not len(chosen):
        return images, clean, boxes, valid
    stacked = torch.cat([images, clean, boxes, valid], 1)
    part = stacked[chosen]
    grid = F.affine_grid(_matrices(angles[chosen], part.shape[-2:]), list(part.shape), align_corners=False)
    stacked[chosen] = F.grid_sample(part, grid, align_corners=False)
    images, clean, boxes, valid = stacked.split([3, 3, 1, 1], 1)
    valid = (valid > 0.999).float()
    return images, clean, (boxes >= 0.5).float() * valid, valid


def _matrices(angles: Tensor, size: torch.Size) -> Tensor:
    """(B, 2, 3): where in the source, both axes in [-1, 1], a pixel of the turned photo comes from."""
    height, width = size
    c, s, zero = torch.cos(angles), torch.sin(angles), torch.zeros_like(angles)
    rows = torch.stack([c, -s * height / width, zero, s * width / height, c, zero], 1)
    return rows.view(-1, 2, 3)
