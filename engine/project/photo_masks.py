"""The masks of the project's photos: one PNG each, named after the photo and its anomaly class."""

import contextlib
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.files import safe_name
from engine.errors import EngineError
from engine.project.catalogue import Catalogue
from engine.project.photos import get_photo
from engine.project.rows import Photo

if TYPE_CHECKING:
    import numpy as np


def mask_path(anomaly: str, photo_name: str) -> str:
    """Where the mask of an anomaly class's photo lies, relative to the project."""
    return f"masks/{safe_name(anomaly)}/{photo_name}_mask.png"


def is_mask_taken(catalogue: Catalogue, path: str) -> bool:
    """Is the file at this path the mask of a photo? Of one, too, that has changed its class since."""
    return catalogue.select_one("SELECT 1 FROM photo WHERE mask = ? COLLATE NOCASE", (path,)) is not None


def get_mask(folder: Path, photo: Photo) -> "np.ndarray | None":
    """The mask, (H, W) bool, true on the anomaly; None where there is none, or its file was deleted.

    Raises EngineError where it is damaged or of another size.
    """
    if not photo.mask or not (folder / photo.mask).is_file():
        return None
    return read_mask_file(folder, photo, folder / photo.mask)


def read_mask_file(folder: Path, photo: Photo, file: Path) -> "np.ndarray":
    """A mask for a photo from any file, (H, W) bool, true on the anomaly; the project stays as it is.

    Raises EngineError where it cannot be read or is all black, or, naming both files, is of another size.
    """
    from engine.data.images import read_mask

    return read_mask(file, photo.size, folder / photo.path)


def set_mask(catalogue: Catalogue, folder: Path, photo: Photo, mask: "np.ndarray") -> str:
    """Keep a mask, (H, W) bool at the photo's size; its path.

    Raises:
        EngineError: the photo shows no anomaly, or the mask is of another size or empty.
    """
    from engine.data.images import save_png

    photo = get_photo(catalogue, photo.id)
    if not photo.anomaly:
        raise EngineError(
            f"'{photo.name}' ({photo.path}) shows no anomaly.", "Give it an anomaly class first."
        )
    if mask.shape != (photo.height, photo.width):
        raise EngineError(
            f"The mask of {photo.path} is {mask.shape[1]}×{mask.shape[0]} pixels, "
            f"the photo {photo.width}×{photo.height}.",
            "Paint the mask at the photo's own size.",
        )
    if not mask.any():
        raise EngineError(f"The mask of {photo.path} is empty.", "Paint the anomaly.")
    path = photo.mask or _free_path(catalogue, photo)
    save_png(folder / path, mask.astype(bool))
    catalogue.change("UPDATE photo SET mask = ? WHERE id = ?", (path, photo.id))
    return path


def clear_mask(catalogue: Catalogue, folder: Path, photo: Photo) -> "np.ndarray | None":
    """Remove a photo's mask, also a damaged one; what it was, so that it can be set again (see `get_mask`)."""
    photo = get_photo(catalogue, photo.id)
    former = None
    with contextlib.suppress(EngineError):
        former = get_mask(folder, photo)
    catalogue.change("UPDATE photo SET mask = '' WHERE id = ?", (photo.id,))
    if photo.mask:
        with contextlib.suppress(OSError):  # then it only lies there
            (folder / photo.mask).unlink()
    return former


def _free_path(catalogue: Catalogue, photo: Photo) -> str:
    """A path for the photo's mask that no other one's has: two photos of one name can be of one class."""
    names = itertools.chain([photo.name], (f"{photo.name}-{number}" for number in itertools.count(2)))
    paths = (mask_path(photo.anomaly, name) for name in names)
    return next(path for path in paths if not is_mask_taken(catalogue, path))
