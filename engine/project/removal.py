"""Photos that people take out of the project: hidden at once, put back at will, gone from the disk at a later opening.

The row of a removed photo stays: importing the photo again brings it back, and figures that count it are known.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from engine.project.catalogue import Catalogue
from engine.project.leftovers import delete_leftovers
from engine.project.photos import get_photo
from engine.project.rows import Photo

_DELETABLE = (
    "SELECT id, path, mask FROM photo WHERE is_removed AND NOT is_missing AND NOT was_support"
    " AND path NOT IN (SELECT photo FROM sample UNION SELECT origin FROM sample UNION SELECT origin FROM box)"
)


def set_removed(catalogue: Catalogue, photos: Sequence[Photo], is_removed: bool) -> list[Photo]:
    """Take photos out of the project, or put them back as they were, all or none; as they are now.

    What is on them (mask, boxes, inspections, opinions) goes and comes with them; samples that were made on them stay.
    Raises EngineError for an unknown one.
    """
    with catalogue.transaction():
        for photo in photos:
            catalogue.change("UPDATE photo SET is_removed = ? WHERE id = ?", (is_removed, photo.id))
        return [get_photo(catalogue, photo.id) for photo in photos]


def delete_removed(catalogue: Catalogue, folder: Path, at_most: int = 1000) -> None:
    """Delete the files of removed photos that no sample and no embedding was made from, nor a box is for."""
    delete_leftovers(catalogue, folder, _DELETABLE, lambda row: _forget_contents(catalogue, row), at_most)


def _forget_contents(catalogue: Catalogue, row: sqlite3.Row) -> None:
    """What was on a photo whose files are gone; the maps of its inspections are removed with other forgotten ones."""
    catalogue.change(
        "UPDATE photo SET is_missing = 1, mask = '', anomaly_id = NULL WHERE id = ?", (row["id"],)
    )
    catalogue.change("DELETE FROM box WHERE photo_id = ?", (row["id"],))
    catalogue.change("UPDATE inspection SET is_forgotten = 1 WHERE photo = ?", (row["path"],))
