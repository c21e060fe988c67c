"""Fine details for what a backbone drew, from the photo around it.

A backbone draws a crop of its own size, and its autoencoder loses the finest of what is in it: larger than that, a fill
is soft where the photo is sharp. But what becomes of the photo itself on the same trip is known. So every small patch
of the fill gets the details that the most similar patch around the box has lost (example-based super-resolution,
Freeman et al. 2002); where it is as similar as patches of the photo are to one another, it gets that patch's colours as
well. What is like nothing around keeps its own, and so does what is as it was in the photo.

Notation:
    d²   mean square of the differences of two patches, in levels of 255
    d₀²  the same between a patch of the photo and the most similar one elsewhere in it, 90 of 100 times
    e²   the same between a patch of the fill and what was there
    α    how far a patch takes the colours of the most similar one, e² / (e² + d₀²) · 1 / (1 + max(0, d² − d₀²) / d₀²)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.data.crops import cut
from engine.diffusion.compositing import Fill, box_at_side
from engine.geometry import Box, Window

_PATCH, _STRIDE = 8, 4  # pixels of the backbone
_FINEST = 8  # pixels of the fill a pixel of the backbone, at most
_MARGIN = 2  # pixels around the box that are no example: they are half drawn
_FEWEST, _MOST_A_SIDE = 64, 128  # patches to choose from; of a large crop, not every one is looked at
_AT_ONCE = 512  # patches whose most similar ones are looked for
_ASKED, _QUANTILE = 256, 0.9  # patches of the photo that d₀² is measured on
_SHARPNESS = (
    1.5  # of the windows in which patches overlap; the larger, the more a pixel has of one patch alone
)


@dataclass(frozen=True)
class _Patches:
    """Square pieces of a picture: `pixels` (N, 3·k²), and the row and column of each one's first pixel, (N,)."""

    pixels: Tensor
    rows: np.ndarray
    columns: np.ndarray

    def chosen(self, which: np.ndarray) -> "_Patches":
        return _Patches(self.pixels[torch.from_numpy(which)], self.rows[which], self.columns[which])

    def __len__(self) -> int:
        return len(self.rows)


def with_details(fill: Fill, photo: np.ndarray, box: Box, window: Window, others: Sequence[Box] = ()) -> Fill:
    """The fill as fine as the photo is (at most 8 × the backbone's size), with the details of the photo around the box.

    Args:
        fill: of the crop `window` of the photo, as the backbone returned it.   photo: (H, W, 3) uint8.
        others: boxes in which the photo may have changed since the crop was cut.
    Returns:
        Both pictures with the same details, which so are no part of the change; the fill as it is where there is too
        little of the photo around the box.
    """
    side = fill.generated.shape[0]
    scale = min(_FINEST, -(-max(window.width, window.height) // side))
    inside = box_at_side(box, window, side)
    known = [box_at_side(other, window, side) for other in others]
    examples = _examples(fill.reference, np.any([inside, *known], axis=0))
    if len(examples) < _FEWEST:
        return fill
    drawn = _drawn(fill.generated, inside)
    nearest, distances = _nearest(drawn, examples)
    found = examples.chosen(nearest)
    alphas = _alphas(distances, _changes(drawn, fill.reference), _own_distance(examples))
    generated, reference = (_enlarged(picture, side * scale) for picture in (fill.generated, fill.reference))
    lost = cut(photo, window, side * scale).astype(np.float32) - reference
    details = _laid(drawn, _pieces(lost, found, scale), scale, lost.shape)
    pairs = zip(alphas, _pieces(reference, found, scale), _pieces(generated, drawn, scale), strict=True)
    colours = _laid(drawn, (alpha * (like - own) for alpha, like, own in pairs), scale, lost.shape)
    return Fill(generated + colours + details, reference + details, scale)


def _examples(picture: np.ndarray, boxes: np.ndarray) -> _Patches:
    """All patches of a picture that have nothing of the boxes."""
    size = 2 * _MARGIN + 1
    avoided = cv2.dilate(boxes.astype(np.uint8), np.ones((size, size), np.uint8))
    patches = _patches(picture, max(1, picture.shape[0] // _MOST_A_SIDE))
    return patches.chosen(np.flatnonzero(~_touches(patches, avoided)))


def _drawn(picture: np.ndarray, inside: np.ndarray) -> _Patches:
    """Overlapping patches that cover the box."""
    patches = _patches(picture, _STRIDE)
    return patches.chosen(np.flatnonzero(_touches(patches, inside.astype(np.uint8))))


def _patches(picture: np.ndarray, stride: int) -> _Patches:
    image = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32))
    pixels = F.unfold(image[None], _PATCH, stride=stride)[0].T
    count = (picture.shape[0] - _PATCH) // stride + 1
    rows, columns = np.divmod(np.arange(count * count), count)
    return _Patches(pixels, rows * stride, columns * stride)


def _touches(patches: _Patches, mask: np.ndarray) -> np.ndarray:
    """Which patches have a pixel of a mask (s, s) uint8: (N,) bool."""
    sums = cv2.integral(mask)
    top, left = patches.rows, patches.columns
    bottom, right = top + _PATCH, left + _PATCH
    return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left] > 0)


def _nearest(asked: _Patches, examples: _Patches, apart: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Which example is the most like each patch, (N,), and d² of both, (N,).

    Args:
        apart: examples less than so many rows and columns away are no answer; ∞ where there is no other one.
    """
    parts = np.split(np.arange(len(asked)), range(_AT_ONCE, len(asked), _AT_ONCE))
    found = [_nearest_of_some(asked.chosen(part), examples, apart) for part in parts]
    which, distances = (np.concatenate(each) for each in zip(*found, strict=True))
    return which, distances


def _nearest_of_some(asked: _Patches, examples: _Patches, apart: int) -> tuple[np.ndarray, np.ndarray]:
    squares = (examples.pixels**2).sum(1) - 2 * asked.pixels @ examples.pixels.T
    if apart:
        rows = np.abs(asked.rows[:, None] - examples.rows) < apart
        columns = np.abs(asked.columns[:, None] - examples.columns) < apart
        squares[torch.from_numpy(rows & columns)] = torch.inf
    least, which = squares.min(1)
    total = (least + (asked.pixels**2).sum(1)).clamp(min=0)
    return which.numpy(), (total / asked.pixels.shape[1]).numpy()


def _changes(drawn: _Patches, reference: np.ndarray) -> np.ndarray:
    """e² of each patch, (N,)."""
    before = np.stack([piece.transpose(2, 0, 1).ravel() for piece in _pieces(reference, drawn, 1)])
    return np.asarray(((drawn.pixels.numpy() - before) ** 2).mean(1))


def _alphas(distances: np.ndarray, changes: np.ndarray, own: float) -> np.ndarray:
    """α of each patch from d², e² and d₀²."""
    return np.asarray(changes / (changes + own) / (1 + (distances - own).clip(0) / own))


def _own_distance(examples: _Patches) -> float:
    """d₀², at least 1: what autoencoder and camera do to patches that are all alike."""
    asked = np.linspace(0, len(examples) - 1, min(_ASKED, len(examples))).astype(int)
    _, distances = _nearest(examples.chosen(asked), examples, _PATCH)
    known = distances[np.isfinite(distances)]
    return max(1.0, float(np.quantile(known, _QUANTILE))) if len(known) else 1.0


def _pieces(picture: np.ndarray, patches: _Patches, scale: int) -> Iterator[np.ndarray]:
    """What a picture that is larger by `scale` has where the patches are: (8 scale, 8 scale, 3) each."""
    size = _PATCH * scale
    for row, column in zip(patches.rows * scale, patches.columns * scale, strict=True):
        yield picture[row : row + size, column : column + size]


def _laid(places: _Patches, pieces: Iterable[np.ndarray], scale: int, shape: tuple[int, ...]) -> np.ndarray:
    """A picture of pieces, each at its place, mixed where places overlap; 0 where there is none: float32."""
    size = _PATCH * scale
    window = np.hanning(size + 2)[1:-1]
    weight = (np.outer(window, window) ** _SHARPNESS)[..., None].astype(np.float32)
    picture, weights = np.zeros(shape, np.float32), np.full((*shape[:2], 1), 1e-6, np.float32)
    for row, column, piece in zip(places.rows * scale, places.columns * scale, pieces, strict=True):
        picture[row : row + size, column : column + size] += weight * piece
        weights[row : row + size, column : column + size] += weight
    return picture / weights


def _enlarged(picture: np.ndarray, side: int) -> np.ndarray:
    return cv2.resize(picture.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
