"""Photos in the catalogue: listing, finding by what a person types, and their rows."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from engine.data.files import sha256_of
from engine.errors import EngineError
from engine.project.anomalies import suggestion
from engine.project.catalogue import Catalogue
from engine.project.rows import Photo, Role

if TYPE_CHECKING:
    from engine.data.images import PhotoFacts

_SELECT = (
    "SELECT photo.*, coalesce(anomaly.name, '') AS anomaly"
    " FROM photo LEFT JOIN anomaly ON anomaly.id = anomaly_id"
)


def list_photos(
    catalogue: Catalogue, role: Role | None = None, anomaly: str | None = None, is_removed: bool = False
) -> list[Photo]:
    """The photos, or those that were removed, in the order of their paths.

    All of them, of one role, of one anomaly class ('' for those without).
    """
    rows = catalogue.select(
        f"{_SELECT} WHERE is_removed = ?3 AND (?1 IS NULL OR role = ?1)"
        " AND (?2 IS NULL OR coalesce(anomaly.name, '') = ?2 COLLATE NOCASE) ORDER BY path",
        (role, anomaly, is_removed),
    )
    return [_to_photo(row) for row in rows]


def possible_supports(catalogue: Catalogue) -> list[Photo]:
    """The photos that something may be learned from, or may have been: no test photo shows the same."""
    rows = catalogue.select(f"{_SELECT} WHERE (role = 'bad' AND NOT is_removed) OR was_support ORDER BY path")
    return [_to_photo(row) for row in rows]


def was_support(catalogue: Catalogue, photo: Photo) -> bool:
    """Was the photo chosen as a support photo at any time, so that something may have been learned from it?"""
    query = "SELECT 1 FROM photo WHERE id = ? AND was_support"
    return catalogue.select_one(query, (photo.id,)) is not None


def get_photo(catalogue: Catalogue, photo_id: int) -> Photo:
    row = catalogue.select_one(f"{_SELECT} WHERE photo.id = ?", (photo_id,))
    if row is None:
        raise EngineError(
            f"There is no photo number {photo_id} in this project.", "It may have been removed."
        )
    return _to_photo(row)


def photo_by(catalogue: Catalogue, column: str, value: str) -> Photo | None:
    """The photo with this `path` or `sha256`, if there is one; also one that was removed."""
    row = catalogue.select_one(f"{_SELECT} WHERE photo.{column} = ?", (value,))
    return _to_photo(row) if row is not None else None


def find_photo(
    catalogue: Catalogue, folder: Path, reference: str, anomaly: str | None = None, role: Role | None = None
) -> Photo:
    """The one photo that a person means: by its name, the end of its path, or a file with its content.

    Those of `anomaly` come first; only those of `role`, where one is given, count.

    Raises:
        EngineError: none (with the nearest name), or several (with all of them).
    """
    photos = list_photos(catalogue, role)
    matches = _by_name(photos, reference) or _by_file(photos, folder, reference)
    if anomaly is not None:
        matches = [photo for photo in matches if photo.anomaly.lower() == anomaly.lower()] or matches
    if len(matches) == 1:
        return matches[0]
    kind = f"{role} photo" if role else "photo"
    if not matches:
        of_anomaly = [
            photo.name for photo in photos if anomaly is None or photo.anomaly.lower() == anomaly.lower()
        ]
        hint = suggestion(reference, of_anomaly or [photo.name for photo in photos], "Import photos first.")
        raise EngineError(f"There is no {kind} '{reference}' in this project.", hint)
    paths = ", ".join(photo.path for photo in matches[:8])
    raise EngineError(f"'{reference}' can mean several photos: {paths}.", "Name one of them by its path.")


def insert_photo(
    catalogue: Catalogue,
    *,
    path: str,
    role: Role,
    anomaly_id: int | None,
    facts: "PhotoFacts",
    sha256: str,
    mask: str,
) -> Photo:
    """Add a photo whose file is in place."""
    photo_id = catalogue.change(
        "INSERT INTO photo (name, path, role, anomaly_id, width, height, sha256, dhash, mask)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            PurePosixPath(path).stem, path, role, anomaly_id, facts.size.width, facts.size.height,
            sha256, f"{facts.dhash:016x}", mask,
        ),
    )  # fmt: skip
    return get_photo(catalogue, photo_id)


def _by_name(photos: Sequence[Photo], reference: str) -> list[Photo]:
    """Photos whose path, whole or its end, with or without the suffix, is `reference`; exact paths win."""
    wanted = reference.replace("\\", "/").removeprefix("./")
    exact = [photo for photo in photos if photo.path == wanted]
    return exact or [
        photo for photo in photos if f"/{photo.path}".endswith(f"/{wanted}") or _ends_in(photo, wanted)
    ]


def _ends_in(photo: Photo, wanted: str) -> bool:
    return f"/{PurePosixPath(photo.path).with_suffix('')}".endswith(f"/{wanted}")


def _by_file(photos: Sequence[Photo], folder: Path, reference: str) -> list[Photo]:
    """The photo that `reference` leads to as a file: in the project, or anywhere with the same bytes."""
    file = Path(reference).expanduser()
    try:
        if not file.is_file():
            return []
        resolved = file.resolve()
        if resolved.is_relative_to(folder):
            path = resolved.relative_to(folder).as_posix()
            return [photo for photo in photos if photo.path == path]
        digest = sha256_of(file)
    except OSError:
        return []
    return [photo for photo in photos if photo.sha256 == digest]


def _to_photo(row: sqlite3.Row) -> Photo:
    return Photo(
        id=row["id"],
        name=row["name"],
        path=row["path"],
        role=row["role"],
        anomaly=row["anomaly"],
        width=row["width"],
        height=row["height"],
        sha256=row["sha256"],
        dhash=int(row["dhash"], 16),
        mask=row["mask"],
        is_missing=bool(row["is_missing"]),
        is_removed=bool(row["is_removed"]),
    )
