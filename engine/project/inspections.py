"""What detectors say of photos, and what people do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.project.catalogue import Catalogue
from engine.project.leftovers import delete_leftovers
from engine.project.rows import Inspection
from engine.project.runs import timestamp

_SELECT = (
    "SELECT id, run, photo, score, map FROM inspection"
    " WHERE NOT is_forgotten AND photo NOT IN (SELECT path FROM photo WHERE is_removed)"
)


def list_inspections(catalogue: Catalogue, run: str) -> list[Inspection]:
    """All of a run but of removed photos, in the order in which photos were first looked at."""
    return [Inspection(**row) for row in catalogue.select(f"{_SELECT} AND run = ? ORDER BY id", (run,))]


def inspection_of(catalogue: Catalogue, run: str, photo: str) -> Inspection | None:
    """What the detector of a run says of the photo at this path, if it has looked at it."""
    row = catalogue.select_one(f"{_SELECT} AND run = ? AND photo = ?", (run, photo))
    return Inspection(**row) if row is not None else None


def put_inspection(
    catalogue: Catalogue, *, run: str, photo: str, score: float, map_path: str, created: str = ""
) -> None:
    """Enter what a detector says of a photo, in place of what it said before."""
    catalogue.change(
        "INSERT INTO inspection (run, photo, score, map, created) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (run, photo) DO UPDATE SET score = excluded.score, map = excluded.map,"
        " created = excluded.created, is_forgotten = 0",
        (run, photo, score, map_path, created or timestamp()),
    )


def forget_inspections(catalogue: Catalogue, run: str, photos: Sequence[str]) -> None:
    """Take photos off a run's list; their maps stay until `remove_forgotten`, so that they can be put back."""
    with catalogue.transaction():
        for photo in photos:
            catalogue.change(
                "UPDATE inspection SET is_forgotten = 1 WHERE run = ? AND photo = ?", (run, photo)
            )


def remove_forgotten(catalogue: Catalogue, folder: Path, at_most: int = 1000) -> None:
    """Remove the maps of photos that were taken off."""
    delete_leftovers(
        catalogue,
        folder,
        "SELECT id, map FROM inspection WHERE is_forgotten",
        lambda row: catalogue.change("DELETE FROM inspection WHERE id = ?", (row["id"],)),
        at_most,
    )


def forget_run(catalogue: Catalogue, run: str) -> None:
    """A run begins anew: what its detector said before is no longer so."""
    catalogue.change("DELETE FROM inspection WHERE run = ?", (run,))


def list_opinions(catalogue: Catalogue) -> dict[str, bool]:
    """By the photo's path: does a person say that it shows an anomaly?"""
    rows = catalogue.select("SELECT photo, is_anomalous FROM opinion")
    return {row["photo"]: bool(row["is_anomalous"]) for row in rows}


def set_opinions(catalogue: Catalogue, opinions: Mapping[str, bool | None]) -> None:
    """What a person says of photos, by path; None takes back what was said. All of them, or after an error none."""
    with catalogue.transaction():
        for photo, is_anomalous in opinions.items():
            if is_anomalous is None:
                catalogue.change("DELETE FROM opinion WHERE photo = ?", (photo,))
            else:
                catalogue.change(
                    "INSERT OR REPLACE INTO opinion (photo, is_anomalous, created) VALUES (?, ?, ?)",
                    (photo, is_anomalous, timestamp()),
                )
