"""Photos, masks and samples as arrays: read as what a person sees, written without loss.

The only place where value ranges change. PIL and numpy only: the window imports this too.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from PIL import ExifTags, Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from engine.data.files import write_atomically
from engine.errors import EngineError
from engine.geometry import Size

# What is looked at as a photo; HEIC cannot be read without a further library, and is refused by name.
IMAGE_SUFFIXES = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".bmp",
        ".dib",
        ".tif",
        ".tiff",
        ".webp",
        ".gif",
        ".jp2",
        ".ppm",
        ".pgm",
        ".pbm",
        ".heic",
        ".heif",
    ]
)
MAX_PIXELS = 120_000_000
MIN_SIDE = 16

# PIL's own limit (89 million pixels) would refuse photos that are welcome here; `_seen_size` has ours.
Image.MAX_IMAGE_PIXELS = None

_STRIP_ROWS = 1024
_COMPRESSION = 2  # of 9: a photo takes a third of the time of PIL's 6, and about as many bytes (measured)
_SWAPS_SIDES = {5, 6, 7, 8}
_WHITE = (255, 255, 255, 255)


class PhotoFacts(msgspec.Struct, frozen=True):
    """What the catalogue keeps of a photo's pixels: its size as seen, and its difference hash."""

    size: Size
    dhash: int


# --- reading ---------------------------------------------------------------------------------------------


def read_photo(path: Path) -> np.ndarray:
    """The photo as a person sees it: (H, W, 3) uint8 RGB, turned by its EXIF tag, transparency over white.

    Raises:
        EngineError: no such file, no image, cut off, under 16 pixels a side, over 120 million pixels.
    """
    return _to_array(_as_rgb(_load(path), path))


def photo_size(path: Path) -> Size:
    """Width and height as a person sees the photo, without decoding its pixels. Raises like `read_photo`."""
    with _explained(path), Image.open(path) as image:
        return _seen_size(image, path)


def examine_photo(path: Path) -> PhotoFacts:
    """Decode the photo once, reduced where its format allows, to see that it is whole.

    Raises like `read_photo`.
    """
    with _explained(path), Image.open(path) as image:
        size = _seen_size(image, path)
    return PhotoFacts(size, difference_hash(read_reduced(path, 512)))


def read_reduced(path: Path, side: int) -> np.ndarray:
    """The photo with its longest side at most `side` pixels, for thumbnails: (h, w, 3) uint8.

    Raises like `read_photo`.
    """
    image = _as_rgb(_load(path, draft_side=side), path)
    image.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=None)
    return _to_array(image)


def read_mask(path: Path, photo: Size, photo_path: Path) -> np.ndarray:
    """The anomaly's mask: (H, W) bool, true on the anomaly. Bright is anomaly, or any label of a dark image.

    Raises:
        EngineError: as for photos; the mask has another size than its photo; no pixel of it is set.
    """
    image = _load(path)
    if image.size != (photo.width, photo.height):
        raise EngineError(
            f"The mask {path} is {image.width}×{image.height} pixels, its photo {photo_path} is "
            f"{photo.width}×{photo.height}.",
            "Export the mask at the size of the photo as you see it (turned as its EXIF tag says).",
        )
    values, full = _mask_values(image)
    mask: np.ndarray = values >= (full + 1) // 2
    if not mask.any() and image.format != "JPEG":  # in a JPEG, dark values are noise and no labels
        mask = values > 0
    if not mask.any():
        raise EngineError(
            f"The mask {path} of {photo_path} is all black.",
            "Paint the anomaly white, everything else black.",
        )
    return mask


def difference_hash(image: np.ndarray) -> int:
    """64 bits of (H, W, 3) or (H, W) uint8 that hardly change when a photo is resized or compressed again.

    One a cell of an 8 × 9 grid: is it brighter than its left neighbour?
    """
    grid = Image.fromarray(image).convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = np.asarray(grid, dtype=np.int16)
    bits = (cells[:, 1:] > cells[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


# --- writing ---------------------------------------------------------------------------------------------


def save_png(path: Path, array: np.ndarray, text: Mapping[str, str] | None = None) -> None:
    """Write (H, W, 3) or (H, W) uint8, or a (H, W) bool mask as 0 and 255, without loss, whole or not at all.

    `text` goes into the PNG's text chunks. Raises EngineError when the disk is full or read-only.
    """
    pixels = array.astype(np.uint8) * 255 if array.dtype == bool else array
    info = PngImagePlugin.PngInfo()
    for key, value in (text or {}).items():
        info.add_text(key, value) if value.isascii() else info.add_itxt(key, value)
    with write_atomically(path) as temporary:
        image = Image.fromarray(np.ascontiguousarray(pixels))
        image.save(temporary, format="PNG", pnginfo=info, compress_level=_COMPRESSION)


def read_png_text(path: Path) -> dict[str, str]:
    """The text chunks of a PNG. Raises EngineError when there is no such PNG."""
    with _explained(path), Image.open(path) as image:
        if not isinstance(image, PngImagePlugin.PngImageFile):
            raise EngineError(f"{path} is no PNG.", "Only PNG files carry the settings they were made with.")
        return {str(key): str(value) for key, value in image.info.items() if isinstance(value, str)}


def read_png_record(path: Path, key: str = "anogen") -> dict[str, object] | None:
    """The JSON object in a PNG's text chunk `key`; None when there is none. Raises like `read_png_text`."""
    try:
        record = json.loads(read_png_text(path).get(key, ""))
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def to_unit(image: np.ndarray) -> np.ndarray:
    """(H, W, C) uint8 → (C, H, W) float32 in [-1, 1]."""
    return np.ascontiguousarray(image.transpose(2, 0, 1), dtype=np.float32) / np.float32(127.5) - np.float32(
        1
    )


def from_unit(unit: np.ndarray) -> np.ndarray:
    """(C, H, W) float in [-1, 1], clipped → (H, W, C) uint8. `from_unit(to_unit(x))` is x."""
    levels = np.rint((unit.astype(np.float32) + 1) * np.float32(127.5))
    return np.ascontiguousarray(levels.clip(0, 255).astype(np.uint8).transpose(1, 2, 0))


# --- from PIL's modes to what a person sees --------------------------------------------------------------


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what PIL and the system raise while opening and decoding into one sentence that names the file."""
    try:
        if os.path.getsize(path) == 0:
            raise EngineError(f"{path} is empty (0 bytes).", "Copy it again from where it came from.")
        yield
    except FileNotFoundError as error:
        raise EngineError(f"{path} does not exist.", "Check the path, or import the photo again.") from error
    except (IsADirectoryError, PermissionError) as error:
        raise EngineError(
            f"{path} cannot be opened.", "Check that it is a file which you may read."
        ) from error
    except UnidentifiedImageError as error:
        raise EngineError(
            f"{path} is not an image that can be read.", "Save it as PNG, JPEG or TIFF (8 or 16 bit)."
        ) from error
    except MemoryError as error:
        raise EngineError(
            f"{path} does not fit into memory.", "Close other programs and try again."
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise EngineError(
            f"{path} is damaged or cut off and cannot be read.", "Copy it again from where it came from."
        ) from error


def _load(path: Path, draft_side: int = 0) -> Image.Image:
    """All pixels in the file's own mode, EXIF rotation applied; for `draft_side`, a JPEG decoded smaller."""
    with _explained(path), Image.open(path) as image:
        _seen_size(image, path)
        if draft_side:
            image.draft(None, (draft_side, draft_side))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return image


def _seen_size(image: Image.Image, path: Path) -> Size:
    """The size of an image that is not decoded yet, after its EXIF rotation; checked."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise EngineError(
            f"{path} has {width * height / 1e6:.0f} million pixels; "
            f"at most {MAX_PIXELS // 1_000_000} million can be used.",
            "Cut or resize the photo.",
        )
    if min(width, height) < MIN_SIDE:
        raise EngineError(
            f"{path} is only {width}×{height} pixels; at least {MIN_SIDE}×{MIN_SIDE} are needed.",
            "Use the photo at its full size.",
        )
    is_turned = image.format != "TIFF" and image.getexif().get(ExifTags.Base.Orientation) in _SWAPS_SIDES
    return Size(height, width) if is_turned else Size(width, height)


def _as_rgb(image: Image.Image, path: Path) -> Image.Image:
    """Any mode → RGB, 8 bit."""
    if image.mode.startswith("I"):
        return Image.fromarray(_from_integers(np.asarray(image), path)).convert("RGB")
    if image.mode == "F":
        return Image.fromarray(_from_floats(np.asarray(image), path)).convert("RGB")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, _WHITE), seen).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_integers(values: np.ndarray, path: Path) -> np.ndarray:
    """16-bit grey → 8 bit over the full range, rounded; 65535 / 257 = 255."""
    if values.min() < 0 or values.max() > 65535:
        raise EngineError(f"{path} holds 32-bit values, which no screen shows.", "Save it with 8 or 16 bits.")
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _from_floats(values: np.ndarray, path: Path) -> np.ndarray:
    """Floating point grey in 0..1 → 8 bit; a little overshoot is clipped."""
    if not (np.isfinite(values).all() and values.min() > -0.5 and values.max() < 1.5):
        raise EngineError(
            f"{path} holds floating point values outside 0..1, which have no agreed brightness.",
            "Save it with 8 or 16 bits.",
        )
    return np.rint(values.clip(0, 1) * np.float32(255)).astype(np.uint8)


def _to_array(image: Image.Image) -> np.ndarray:
    """RGB image → (H, W, 3) uint8, writable; in strips, so that a photo is held in memory only twice."""
    pixels = np.empty((image.height, image.width, 3), dtype=np.uint8)
    for top in range(0, image.height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def _mask_values(image: Image.Image) -> tuple[np.ndarray, int]:
    """The mask's values (H, W), the brightest channel of each pixel, and the value that is white."""
    if image.mode.startswith("I"):
        values = np.asarray(image)
        return values, 65535 if values.max() > 255 else 255
    if image.mode == "F":
        levels = np.asarray(image)
        return np.rint(levels * 255 if levels.max() <= 1 else levels), 255
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, (0, 0, 0, 255)), seen)
    if image.mode not in ("1", "L"):
        return np.asarray(image.convert("RGB")).max(axis=2), 255
    return np.asarray(image.convert("L")), 255
