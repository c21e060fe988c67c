"""Batches for tests, of the pieces that a test is about."""

import torch
from torch import Tensor

from engine.detection.detector import Batch


def masks_only(
    mask: list[list[int]] | None = None,
    boxes: list[list[int]] | None = None,
    valid: list[list[int]] | None = None,
    is_generated: bool | None = None,
) -> Batch:
    """One photo, grey, with masks as written; generated if it has boxes."""
    some = mask or boxes or valid or [[0]]
    height, width = len(some), len(some[0])
    image = torch.full((1, 3, height, width), 0.5)
    return Batch(
        image=image,
        clean=image,
        mask=_plane(mask, height, width, 0),
        weak_boxes=_plane(boxes, height, width, 0),
        is_generated=torch.tensor([boxes is not None if is_generated is None else is_generated]),
        valid=_plane(valid, height, width, 1),
    )


def random_batch(count: int, side: int, seed: int = 0) -> Batch:
    """Smooth photos with dark squares: pasted in the even ones, generated (with a larger box) in the odd ones."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 4, 4, generator=generator)
    clean = torch.nn.functional.interpolate(coarse, size=(side, side), mode="bilinear") * 0.5 + 0.4
    square = torch.zeros(count, 1, side, side)
    square[..., side // 4 : side // 2, side // 4 : side // 2] = 1
    larger = torch.zeros(count, 1, side, side)
    larger[..., side // 8 : 5 * side // 8, side // 8 : 5 * side // 8] = 1
    is_generated = torch.arange(count) % 2 == 1
    which = is_generated[:, None, None, None].float()
    return Batch(
        image=clean * (1 - square) + 0.05 * square,
        clean=clean,
        mask=square * (1 - which),
        weak_boxes=larger * which,
        is_generated=is_generated,
        valid=torch.ones(count, 1, side, side),
    )


def _plane(rows: list[list[int]] | None, height: int, width: int, otherwise: int) -> Tensor:
    if rows is None:
        return torch.full((1, 1, height, width), float(otherwise))
    return torch.tensor(rows, dtype=torch.float32)[None, None]
