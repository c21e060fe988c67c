"""Rendered surfaces whose boxes a backbone fills, told by captions what to draw."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from engine.diffusion.backbone import Backbone
from engine.diffusion.filling import Filling, Region, product_recipe
from engine.diffusion.judging.renders import RenderedDefect
from engine.diffusion.prompts import NULL_PROMPT

_TOGETHER = 8


def fill_boxes(
    backbone: Backbone, rendered: Sequence[RenderedDefect], guidance: float
) -> Iterator[np.ndarray]:
    """The good surface of each with the defect drawn in its box, (s, s, 3) uint8; always from the same noise.

    As drawn, before anything is pasted into a photo; one candidate each.
    """
    recipe = product_recipe(backbone, None, guidance, _TOGETHER)
    null_context = _context(backbone, NULL_PROMPT)
    for start in range(0, len(rendered), _TOGETHER):
        regions = [
            Region(each.normal, each.box, _context(backbone, each.caption), (start + row,))
            for row, each in enumerate(rendered[start : start + _TOGETHER])
        ]
        filling = Filling(backbone, regions, null_context, recipe)
        for _ in filling.draw():
            pass
        for row in range(len(regions)):
            yield np.rint(filling.generated(row).clip(0, 255)).astype(np.uint8)


@torch.no_grad()
def _context(backbone: Backbone, caption: str) -> torch.Tensor:
    return backbone.context(caption)
