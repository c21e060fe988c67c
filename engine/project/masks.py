"""The masks that come with photos to import: matched by name, never by position."""

import os
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from pathlib import Path

from engine.data.files import list_files
from engine.data.images import IMAGE_SUFFIXES
from engine.errors import EngineError
from engine.protocol import FileRefused

MASK_FOLDERS = frozenset(["masks", "mask", "ground_truth", "groundtruth", "gt", "labels"])

_ENDINGS = ("_mask", "-mask", "_gt")


class Masks:
    """The masks in a folder, or none; found by the subfolder (the anomaly's) and the photo's name."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._by_key: dict[tuple[str, str], Path] = {}
        self._used: set[Path] = set()
        if folder is None:
            return
        for file in list_images(folder):
            group = "" if file.parent == folder else file.parent.name.lower()
            self._by_key[group, photo_stem(file)] = file

    def find(self, photo: Path, group: str, needed_in: Collection[str]) -> Path | None:
        """The mask of a photo in the folder `group`, in the subfolder of that name or directly in the folder.

        Returns:
            None where there is none, and no subfolder `needed_in` ('': the folder itself) has masks.
        Raises:
            EngineError: there is none, but one of those has masks of other photos; names both files.
        """
        for key in ((group.lower(), photo.stem), ("", photo.stem)):
            mask = self._by_key.get(key)
            if mask is not None and mask not in self._used:  # one mask, one photo
                self._used.add(mask)
                return mask
        groups = {known for known, _ in self._by_key}
        if self.folder is None or groups.isdisjoint(name.lower() for name in needed_in):
            return None
        folder = self.folder / group if group.lower() in groups and group else self.folder
        raise missing_mask(photo, folder / f"{photo.stem}_mask.png")

    def strays(self, ignored_groups: AbstractSet[str]) -> list[FileRefused]:
        """Masks that belong to no photo; those of normal photos, in folders such as `good`, say nothing."""
        unused = {
            mask for (group, _), mask in self._by_key.items() if group not in ignored_groups
        } - self._used
        return [
            FileRefused(
                path=str(mask),
                reason=f"The mask {mask} belongs to no photo: there is no '{photo_stem(mask)}'.",
            )
            for mask in sorted(unused)
        ]


def missing_mask(photo: Path, expected: Path) -> EngineError:
    """What a person is told of a photo without the mask that its neighbours have."""
    return EngineError(
        f"The photo {photo} has no mask: {expected} does not exist.",
        "Add the mask, or import the photo from a folder without masks.",
    )


def find_mask_folder(folder: Path) -> Path | None:
    """The subfolder that holds masks, by its name."""
    children = sorted(child for child in folder.iterdir() if child.is_dir())
    return next((child for child in children if child.name.lower() in MASK_FOLDERS), None)


def photo_stem(mask: Path) -> str:
    """The name of the photo that a mask belongs to."""
    for ending in _ENDINGS:
        if mask.stem.lower().endswith(ending):
            return mask.stem[: -len(ending)]
    return mask.stem


def list_images(folder: Path) -> list[Path]:
    """All files in `folder` and below whose suffix is that of an image."""
    return [file for file in list_files(folder) if file.suffix.lower() in IMAGE_SUFFIXES]


def unreadable_folders(folder: Path) -> list[FileRefused]:
    """The folders, `folder` and below, that cannot be looked into, each with its reason; not the hidden ones."""
    errors: list[OSError] = []
    for _, folders, _ in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
    return [
        FileRefused(
            path=str(error.filename), reason=f"The folder {error.filename} cannot be read: {error.strerror}."
        )
        for error in errors
    ]
