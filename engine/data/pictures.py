"""Pictures for pages: outlined, close up, and as text that a page can hold."""

import base64
import io

import numpy as np
from PIL import Image, ImageFilter

from engine.geometry import Box, Size, crop_window

_OUTLINE = (217, 72, 43)
_LONGEST_PX = 768
_CLOSE_UP_PX = 256
_CONTEXT = 1.6  # side of a close-up, as a multiple of its box's long side
_SMALLEST_CROP = 32


def outlined(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The photo with a line around the mask.

    Args:
        photo: (H, W, 3) uint8.   mask: (H, W) bool.
    """
    width = max(3, max(mask.shape) // 130) | 1  # of the line, an odd number of pixels
    around = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * width - 1))
    within = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(width))
    picture = photo.copy()
    picture[np.asarray(around) > np.asarray(within)] = _OUTLINE
    return picture


def close_up(photo: np.ndarray, box: Box) -> np.ndarray:
    """The box and a little around it: (h, w, 3) uint8, 256 wide."""
    window = crop_window(box, picture_size(photo), _SMALLEST_CROP, _CONTEXT)
    height = round(_CLOSE_UP_PX * window.height / window.width)
    crop = Image.fromarray(np.ascontiguousarray(photo[window.slices()]))
    return np.asarray(crop.resize((_CLOSE_UP_PX, height), Image.Resampling.LANCZOS))


def jpeg(pixels: np.ndarray, longest_px: int = _LONGEST_PX) -> bytes:
    """(H, W, 3) uint8 as a JPEG file; larger ones are reduced."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, format="JPEG", quality=90, subsampling=0)
    return file.getvalue()


def as_address(jpeg_file: bytes) -> str:
    """A JPEG file as the address of an image that is in the address itself."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg_file).decode()}"


def embedded_jpeg(pixels: np.ndarray) -> str:
    """(H, W, 3) uint8 as such an address; large ones are reduced."""
    return as_address(jpeg(pixels))


def picture_size(pixels: np.ndarray) -> Size:
    return Size(pixels.shape[1], pixels.shape[0])
