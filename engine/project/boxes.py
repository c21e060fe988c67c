"""Boxes that people placed on photos."""

import sqlite3

from engine.geometry import Box, check_boxes
from engine.project.anomalies import get_anomaly
from engine.project.catalogue import Catalogue
from engine.project.photos import get_photo
from engine.project.rows import PlacedBox


def list_boxes(catalogue: Catalogue, photo: str | None = None, anomaly: str | None = None) -> list[PlacedBox]:
    """All boxes, of the photo at this path, of this anomaly class, in the order in which they were placed."""
    rows = catalogue.select(
        "SELECT box.*, photo.path AS photo, anomaly.name AS anomaly FROM box"
        " JOIN photo ON photo.id = photo_id JOIN anomaly ON anomaly.id = box.anomaly_id"
        " WHERE (?1 IS NULL OR photo.path = ?1) AND (?2 IS NULL OR anomaly.name = ?2) ORDER BY box.id",
        (photo, anomaly),
    )
    return [_to_placed(row) for row in rows]


def add_box(catalogue: Catalogue, photo_id: int, anomaly: str, box: Box) -> PlacedBox:
    """Place a box. Raises EngineError when it has no area, lies outside the photo, or is larger than it."""
    photo = get_photo(catalogue, photo_id)
    check_boxes([box], photo.size, photo.path)
    known = get_anomaly(catalogue, anomaly)
    box_id = catalogue.change(
        "INSERT INTO box (photo_id, anomaly_id, center_x, center_y, width, height, angle_deg)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (photo.id, known.id, box.center_x, box.center_y, box.width, box.height, box.angle_deg),
    )
    return PlacedBox(id=box_id, photo=photo.path, anomaly=known.name, box=box)


def remove_box(catalogue: Catalogue, box_id: int) -> None:
    """Remove a box; one that is gone already is no error."""
    catalogue.change("DELETE FROM box WHERE id = ?", (box_id,))


def _to_placed(row: sqlite3.Row) -> PlacedBox:
    box = Box(
        center_x=row["center_x"],
        center_y=row["center_y"],
        width=row["width"],
        height=row["height"],
        angle_deg=row["angle_deg"],
    )
    return PlacedBox(id=row["id"], photo=row["photo"], anomaly=row["anomaly"], box=box)
