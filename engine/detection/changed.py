"""Which part of the boxes of samples has changed: what is left of the photo there is normal, and known to be.

A box says where an anomaly may be; sample and photo together say where anything is. Null edits tell how much of a
difference means nothing.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_MEANINGLESS = 0.95  # of the touched pixels of null edits differ less than what counts as a change
_LEAST = 4.0  # levels of 255 that count, however well the autoencoder does
_FEWEST = 0.02  # of a box; where less of it has changed, all of it may be anomalous
_AROUND = 3  # pixels that a difference is averaged over, and by which what has changed is grown


def changed_part(samples: Tensor, photos: Tensor, boxes: Tensor, edits: Tensor, edited: Tensor) -> Tensor:
    """The boxes without what is as in the photo: (M, 1, S, S) bool.

    Args:
        samples, photos: (M, 3, S, S) uint8, samples and the photos that they were made of.
        boxes: (M, 1, S, S) bool.
        edits, edited: (K, 3, S, S) uint8, null edits and their photos; with none of them, the boxes stay as they are.
    """
    if not len(samples) or not len(edits):
        return boxes
    level = max(_LEAST, _meaningless_level(difference(edits, edited)))
    changed = _grown(difference(samples, photos) > level) & boxes
    share = changed.sum((1, 2, 3)) / boxes.sum((1, 2, 3)).clamp(min=1)
    return torch.where((share >= _FEWEST)[:, None, None, None], changed, boxes)


def difference(images: Tensor, others: Tensor) -> Tensor:
    """The largest of the channels' differences around each pixel, in levels: (M, 3, S, S) uint8 → (M, 1, S, S)."""
    levels = (images.float() - others.float()).abs().amax(1, keepdim=True)
    return F.avg_pool2d(levels, _AROUND, stride=1, padding=_AROUND // 2, count_include_pad=False)


def _meaningless_level(differences: Tensor) -> float:
    """What most pixels of null edits differ less by, of those that were touched."""
    touched = differences[differences > 0].numpy()
    return float(np.quantile(touched, _MEANINGLESS)) if len(touched) else 0.0


def _grown(mask: Tensor) -> Tensor:
    """(M, 1, S, S) bool with what is next to it, so that soft edges are in it, too."""
    return F.max_pool2d(mask.float(), _AROUND, stride=1, padding=_AROUND // 2) > 0
