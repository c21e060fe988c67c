"""A detector with the preparation of photos inside, in operators that other programs have, too.

Resizing is linear, and rows and columns do not mix: two products of matrices, whose entries follow from the photo's
size. That is what `cv2.resize` does in `engine.detection.photos.at_side`, with no operator that resizes: those of ONNX
know no average over areas.
"""

from typing import cast

import torch
from torch import Tensor, nn

from engine.detection.detector import Detector

_CUBIC = -0.75  # cv2's


class PhotoDetector(nn.Module):
    """Photo (1, H, W, 3) uint8, any size → anomaly map (1, side, side) float32 in [0, 1] and image score (1,)."""

    def __init__(self, detector: nn.Module, side: int) -> None:
        super().__init__()
        self.detector = detector
        self.side = side

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        pixels = resized(photo, self.side) / 255
        return cast(Detector, self.detector).infer(pixels)


def resized(photo: Tensor, side: int) -> Tensor:
    """(1, H, W, 3) uint8 → (1, 3, side, side) float32, whole levels 0-255, as `at_side` makes them.

    Shrinking averages, growing is cubic.
    """
    rows, columns = (torch.arange(length).float() for length in photo.shape[1:3])
    shrinks = torch.minimum(rows[-1], columns[-1]) >= side  # of the last pixel: the length is one more
    down, across = weights(rows, side, shrinks), weights(columns, side, shrinks)
    levels = down @ photo.float().reshape(photo.shape[1], -1)  # (side, W × 3)
    levels = levels.reshape(side, -1, 3).permute(2, 0, 1) @ across.T  # (3, side, side)
    levels = levels.reshape(1, 3, side, side)
    is_halved = (rows[-1] + 1 == 2 * side) & (columns[-1] + 1 == 2 * side)  # cv2's own way: it rounds ties up
    return torch.where(is_halved, (levels + 0.5).floor(), levels.round()).clamp(0, 255)


def weights(pixels: Tensor, side: int, shrinks: Tensor) -> Tensor:
    """How much each pixel of a row, 0, 1, …, counts for each of `side`: (side, pixels), rows sum to 1."""
    step = (pixels[-1] + 1) / side
    return torch.where(shrinks, _shares(pixels, step, side), _cubic(pixels, step, side))


def _shares(pixels: Tensor, step: Tensor, side: int) -> Tensor:
    """Each pixel's share of the stretch that becomes one: an average."""
    starts = torch.arange(side)[:, None] * step
    ends = torch.minimum(starts + step, pixels[-1] + 1)
    overlap = torch.minimum(ends, pixels + 1) - torch.maximum(starts, pixels)
    return overlap.clamp(min=0) / (ends - starts)


def _cubic(pixels: Tensor, step: Tensor, side: int) -> Tensor:
    """Keys' cubic of the four nearest pixels; those beyond the border are the outermost one."""
    centers = (torch.arange(side)[:, None] + 0.5) * step - 0.5
    first = centers.floor()
    found = torch.zeros(1)
    for offset in (-1, 0, 1, 2):
        pixel = first + offset
        is_it = pixels == torch.minimum(pixel.clamp(min=0), pixels[-1])
        found = found + is_it * _keys((centers - pixel).abs())
    return found


def _keys(distance: Tensor) -> Tensor:
    """The weight of a pixel at this distance, up to 2 (Keys 1981)."""
    a, d = _CUBIC, distance
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return torch.where(d <= 1, near, far)
