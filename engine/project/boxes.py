"""Boxes that people placed on photos."""

import sqlite3

import msgspec

from engine.errors import EngineError
from engine.geometry import Box, check_boxes
from engine.project.anomalies import get_anomaly
from engine.project.catalogue import Catalogue
from engine.project.photos import get_photo, photo_by
from engine.project.rows import PlacedBox

_SELECT = (
    "SELECT box.*, photo.path AS photo, anomaly.name AS anomaly FROM box"
    " JOIN photo ON photo.id = photo_id JOIN anomaly ON anomaly.id = box.anomaly_id"
)


def list_boxes(catalogue: Catalogue, photo: str | None = None, anomaly: str | None = None) -> list[PlacedBox]:
    """All boxes, of the photo at this path, of this anomaly class, in the order in which they were placed.

    Those on photos that were removed are left out.
    """
    rows = catalogue.select(
        f"{_SELECT} WHERE NOT photo.is_removed AND (?1 IS NULL OR photo.path = ?1)"
        " AND (?2 IS NULL OR anomaly.name = ?2) ORDER BY box.id",
        (photo, anomaly),
    )
    return [_to_placed(row) for row in rows]


def add_box(catalogue: Catalogue, photo_id: int, anomaly: str, box: Box, origin: str = "") -> PlacedBox:
    """Place a box. Raises EngineError when it has no area, lies outside the photo, or is larger than it."""
    photo = get_photo(catalogue, photo_id)
    return _insert(catalogue, PlacedBox(id=0, photo=photo.path, anomaly=anomaly, box=box, origin=origin))


def restore_box(catalogue: Catalogue, placed: PlacedBox) -> PlacedBox:
    """Place a box that was removed again, under the number that it had. Raises EngineError like `add_box`."""
    if catalogue.select_one("SELECT 1 FROM box WHERE id = ?", (placed.id,)) is not None:
        raise EngineError(f"There is a box number {placed.id} already.", "It is left as it is.")
    return _insert(catalogue, placed)


def change_box(catalogue: Catalogue, box_id: int, box: Box) -> PlacedBox:
    """Give a box another place, size or angle.

    Raises EngineError for an unknown number, and like `add_box`.
    """
    with catalogue.transaction():
        former = get_box(catalogue, box_id)
        _check(catalogue, former.photo, box)
        catalogue.change(
            "UPDATE box SET center_x = ?, center_y = ?, width = ?, height = ?, angle_deg = ? WHERE id = ?",
            (*_numbers(box), box_id),
        )
    return msgspec.structs.replace(former, box=box)


def lock_box(catalogue: Catalogue, box_id: int, is_locked: bool) -> PlacedBox:
    """Note that a box is not to be moved by accident, or may be. Raises EngineError for an unknown number."""
    with catalogue.transaction():
        former = get_box(catalogue, box_id)
        catalogue.change("UPDATE box SET is_locked = ? WHERE id = ?", (is_locked, box_id))
    return msgspec.structs.replace(former, is_locked=is_locked)


def set_box_anomaly(catalogue: Catalogue, box_id: int, anomaly: str) -> PlacedBox:
    """Say that a box is of another class. Raises EngineError for an unknown number or class."""
    with catalogue.transaction():
        former, known = get_box(catalogue, box_id), get_anomaly(catalogue, anomaly)
        catalogue.change("UPDATE box SET anomaly_id = ? WHERE id = ?", (known.id, box_id))
    return msgspec.structs.replace(former, anomaly=known.name)


def get_box(catalogue: Catalogue, box_id: int) -> PlacedBox:
    """Raises EngineError for an unknown number."""
    row = catalogue.select_one(f"{_SELECT} WHERE box.id = ?", (box_id,))
    if row is None:
        raise EngineError(f"There is no box number {box_id} in this project.", "It may have been removed.")
    return _to_placed(row)


def remove_box(catalogue: Catalogue, box_id: int) -> None:
    """Remove a box; one that is gone already is no error."""
    catalogue.change("DELETE FROM box WHERE id = ?", (box_id,))


def _insert(catalogue: Catalogue, placed: PlacedBox) -> PlacedBox:
    """Enter a box as it is; one of number 0 gets a new one."""
    photo_id = _check(catalogue, placed.photo, placed.box)
    anomaly = get_anomaly(catalogue, placed.anomaly)
    box_id = catalogue.change(
        "INSERT INTO box"
        " (id, photo_id, anomaly_id, is_locked, origin, center_x, center_y, width, height, angle_deg)"
        " VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (placed.id, photo_id, anomaly.id, placed.is_locked, placed.origin, *_numbers(placed.box)),
    )
    return msgspec.structs.replace(placed, id=box_id, anomaly=anomaly.name)


def _check(catalogue: Catalogue, path: str, box: Box) -> int:
    """The number of the photo at this path. Raises EngineError where it is gone, or for an unusable box."""
    photo = photo_by(catalogue, "path", path)
    if photo is None:
        raise EngineError(f"There is no photo {path} in this project.", "It may have been removed.")
    check_boxes([box], photo.size, photo.path)
    return photo.id


def _numbers(box: Box) -> tuple[float, ...]:
    return box.center_x, box.center_y, box.width, box.height, box.angle_deg


def _to_placed(row: sqlite3.Row) -> PlacedBox:
    box = Box(
        center_x=row["center_x"],
        center_y=row["center_y"],
        width=row["width"],
        height=row["height"],
        angle_deg=row["angle_deg"],
    )
    return PlacedBox(
        id=row["id"],
        photo=row["photo"],
        anomaly=row["anomaly"],
        box=box,
        is_locked=bool(row["is_locked"]),
        origin=row["origin"],
    )
