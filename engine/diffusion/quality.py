"""Did the box really change, which candidate changed it best, and has a sample been seen before?"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.diffusion.compositing import Fill

_VISIBLE = 10.0  # levels of 255 over a 3×3 neighbourhood, that a person sees
_OVER_NOISE = 1.5  # times what the autoencoder itself does to the photo in the box
_ENOUGH = 0.02  # share of the box
_ABSURD = 2.0  # change of the latents, in their own deviations: content that has nothing to do with the photo
_CELLS = 12  # a side of a fingerprint
_SAME = 0.97  # cosine of two fingerprints


@dataclass(frozen=True)
class Change:
    """How much a fill changes its box: `share` of the box's pixels visibly, by `mean` levels on average."""

    share: float
    mean: float

    @property
    def is_visible(self) -> bool:
        return self.share >= _ENOUGH


def measure_change(fill: Fill, crop: np.ndarray, weight: np.ndarray) -> Change:
    """How much of the box a person sees changed, beyond what the autoencoder does to any photo.

    Args:
        crop: what was to be changed, (s, s, 3) uint8.
        weight: how far the fill is pasted, (s, s) in [0, 1]; 0 outside the box.
    """
    inside = weight > 0
    if not inside.any():
        return Change(0.0, 0.0)
    change = np.abs(_smoothed(fill.change * weight[..., None])).max(axis=2)
    noise = np.abs(_smoothed(fill.reference - crop.astype(np.float32))).max(axis=2)
    threshold = max(_VISIBLE, _OVER_NOISE * float(np.sqrt((noise[inside] ** 2).mean())))
    return Change(float((change[inside] > threshold).mean()), float(change[inside].mean()))


def measure_whole_change(generated: np.ndarray, photo: np.ndarray, inside: np.ndarray) -> Change:
    """The same without a reference (paper profile): outside the box, all change is the autoencoder's.

    Args:
        generated: (s, s, 3) float32 levels.   photo: (s, s, 3) uint8.   inside: (s, s) bool.
    """
    change = np.abs(_smoothed(generated - photo.astype(np.float32))).max(axis=2)
    noise = float(np.sqrt((change[~inside] ** 2).mean())) if (~inside).any() else 0.0
    threshold = max(_VISIBLE, _OVER_NOISE * noise)
    return Change(float((change[inside] > threshold).mean()), float(change[inside].mean()))


def candidate_score(x0: Tensor, normal: Tensor, box_mask: Tensor) -> Tensor:
    """How well each candidate changes the photo in the box, (B,): the more the better, until it is absurd.

    The feature distance is that of the autoencoder's latents, over 2×2 cells so that grain does not count, in
    units of the latents' deviation over the crop.

    Args:
        x0: (B, c, h, w), perhaps only predicted.   normal: z₀ of the photo.   box_mask: (B, 1, h, w).
    """
    deviation = normal.std((2, 3), keepdim=True).mean(1, keepdim=True).clamp(min=0.1)
    difference = F.avg_pool2d((x0 - normal) * box_mask / deviation, 2, ceil_mode=True)
    area = F.avg_pool2d(box_mask, 2, ceil_mode=True).sum((1, 2, 3)).clamp(min=1e-6)
    distance = ((difference**2).mean(1).sum((1, 2)) / area).sqrt()
    return torch.where(distance <= _ABSURD, distance, 2 * _ABSURD - distance)


def fingerprint(fill: Fill, inside: np.ndarray) -> str:
    """What changed in the box, coarsely: 12 × 12 brightness changes over its bounds, as hexadecimal digits.

    Args:
        inside: (s, s) bool, the box at the crop's size.
    """
    ys, xs = np.nonzero(inside)
    bounds = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
    change = (fill.change.mean(axis=2) * inside)[bounds].astype(np.float32)
    cells = cv2.resize(change, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA).ravel()
    cells = cells / max(float(np.linalg.norm(cells)), 1e-6)
    return np.rint(cells * 127).astype(np.int8).tobytes().hex()


class Fingerprints:
    """The samples of a run so far: one fingerprint a box, of each."""

    def __init__(self) -> None:
        self._known: dict[int, list[np.ndarray]] = {}

    def is_known(self, boxes: Sequence[str]) -> bool:
        """Did an earlier sample change its boxes nearly alike, box by box?"""
        vectors = [_unit(text) for text in boxes]
        known = self._known.get(len(vectors), [])
        if not known or not vectors:
            return False
        similarity = np.einsum("nbd,bd->nb", np.stack(known), np.stack(vectors))
        return bool((similarity > _SAME).all(axis=1).any())

    def add(self, boxes: Sequence[str]) -> None:
        if boxes:
            vectors = np.stack([_unit(text) for text in boxes])
            self._known.setdefault(len(boxes), []).append(vectors)


def _unit(text: str) -> np.ndarray:
    """A fingerprint's cells, (144,), of length 1; of length 0 where nothing changed."""
    cells = np.frombuffer(bytes.fromhex(text), np.int8).astype(np.float32)
    return cells / max(float(np.linalg.norm(cells)), 1e-6)


def _smoothed(levels: np.ndarray) -> np.ndarray:
    return cv2.blur(levels, (3, 3))
