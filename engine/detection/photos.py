"""Photos, masks and boxes at the size that a detector looks at."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.data.images import photo_size, read_mask, read_photo
from engine.errors import EngineError
from engine.geometry import Box, Size
from engine.protocol import GeneratedPhoto

_SHIFT = 4  # binary digits after the point of a corner


def at_side(photo: np.ndarray, side: int) -> np.ndarray:
    """(H, W[, C]) → (side, side[, C]) of the same dtype. Shrinking averages, growing is cubic."""
    if photo.shape[:2] == (side, side):
        return photo
    interpolation = cv2.INTER_AREA if min(photo.shape[:2]) > side else cv2.INTER_CUBIC
    return cv2.resize(photo, (side, side), interpolation=interpolation)


def to_tensor(photo: np.ndarray, side: int) -> Tensor:
    """(H, W, 3) uint8 → (3, side, side) uint8."""
    return torch.from_numpy(np.ascontiguousarray(at_side(photo, side).transpose(2, 0, 1)))


def to_input(photos: Tensor) -> Tensor:
    """uint8 → float32 in [0, 1]."""
    return photos.float() / 255


def read_tensor(path: Path, side: int) -> Tensor:
    """A photo, (3, side, side) uint8. Raises EngineError like `read_photo`."""
    return to_tensor(read_photo(path), side)


def read_sample(project: Path, sample: GeneratedPhoto, side: int) -> tuple[Tensor, Tensor, Tensor]:
    """A sample and what it was made of, (3, side, side) uint8, and its boxes, (1, side, side) bool.

    Raises:
        EngineError: a file cannot be read; sample and photo differ in size; the mask that stands for boxes is empty.
    """
    image, path = read_photo(project / sample.image), project / sample.photo
    size, photo_is = Size(image.shape[1], image.shape[0]), photo_size(path)
    if size != photo_is:
        raise EngineError(
            f"The sample {sample.image} is {size.width}×{size.height} pixels, its photo {sample.photo} "
            f"{photo_is.width}×{photo_is.height}.",
            "Generate it again from the photo as it is now.",
        )
    if sample.boxes:
        boxes = fill_boxes(sample.boxes, size, side)
    else:
        mask = read_mask(project / sample.mask, size, project / sample.image)
        boxes = at_side(mask.astype(np.float32), side) >= 0.5
    return to_tensor(image, side), read_tensor(path, side), torch.from_numpy(boxes)[None]


def fill_boxes(boxes: Sequence[Box], size: Size, side: int) -> np.ndarray:
    """Where the boxes of a photo of this size are once it is resized: (side, side) bool."""
    filled = np.zeros((side, side), np.uint8)
    scale = np.array([side / size.width, side / size.height])
    for box in boxes:
        corners = np.array(box.corners()) * scale - 0.5  # a pixel's centre has whole coordinates
        cv2.fillConvexPoly(filled, np.rint(corners * 2**_SHIFT).astype(np.int32), 1, shift=_SHIFT)
    return filled.astype(bool)
