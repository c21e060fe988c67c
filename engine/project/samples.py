"""What jobs made: anomaly embeddings and samples in the catalogue, and what people think of them."""

import datetime
import sqlite3
from pathlib import Path

import msgspec

from engine.errors import EngineError
from engine.geometry import Box
from engine.project.anomalies import get_anomaly, suggestion
from engine.project.catalogue import Catalogue
from engine.project.rows import EmbeddingRow, SampleRow, Verdict
from engine.protocol import SampleFlag

_BOXES = tuple[Box, ...]
_FLAGS = tuple[SampleFlag, ...]
_VERDICTS = ("undecided", "accepted", "rejected")


def timestamp(file: Path | None = None) -> str:
    """Now, or when `file` was last written: UTC, ISO 8601, so that text order is time order."""
    moment = file.stat().st_mtime if file is not None and file.exists() else None
    utc = datetime.UTC
    instant = datetime.datetime.now(utc) if moment is None else datetime.datetime.fromtimestamp(moment, utc)
    return instant.isoformat(timespec="microseconds")


# --- embeddings ------------------------------------------------------------------------------------------


def list_embeddings(catalogue: Catalogue, anomaly: str | None = None) -> list[EmbeddingRow]:
    """All embeddings, or those of an anomaly class, the oldest first."""
    rows = catalogue.select(
        "SELECT embedding.*, anomaly.name AS anomaly FROM embedding JOIN anomaly ON anomaly.id = anomaly_id"
        " WHERE (?1 IS NULL OR anomaly.name = ?1) ORDER BY created, embedding.id",
        (anomaly,),
    )
    return [_to_embedding(row) for row in rows]


def get_embedding(catalogue: Catalogue, folder: Path, anomaly: str, name: str | None = None) -> EmbeddingRow:
    """The embedding of this name or path, or the newest of the class.

    Raises:
        EngineError: unknown class or name (with the nearest one), no embedding yet, its file was deleted.
    """
    known = get_anomaly(catalogue, anomaly)
    rows = list_embeddings(catalogue, known.name)
    present = [row for row in rows if (folder / row.path).is_file()]
    if name is None and present:
        return present[-1]
    if not rows:
        raise EngineError(
            f"'{known.name}' has no embedding yet.",
            f"Learn one: `anogen learn PROJECT --anomaly {known.name}`.",
        )
    matches = [row for row in rows if name in (row.name, row.path, None)]
    if not matches:
        hint = suggestion(str(name), [row.name for row in rows])
        raise EngineError(f"'{known.name}' has no embedding '{name}'.", hint)
    if not (folder / matches[-1].path).is_file():
        raise EngineError(f"The embedding {folder / matches[-1].path} was deleted.", "Learn it again.")
    return matches[-1]


def put_embedding(
    catalogue: Catalogue, *, name: str, anomaly_id: int, path: str, backbone: str, steps: int, created: str
) -> None:
    """Enter an embedding whose file is in place, or bring its row up to date."""
    catalogue.change(
        "INSERT INTO embedding (name, anomaly_id, path, backbone, steps, created) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET name = excluded.name, anomaly_id = excluded.anomaly_id,"
        " backbone = excluded.backbone, steps = excluded.steps, created = excluded.created, is_missing = 0",
        (name, anomaly_id, path, backbone, steps, created),
    )


# --- samples ---------------------------------------------------------------------------------------------


def list_samples(
    catalogue: Catalogue, anomaly: str | None = None, verdict: Verdict | None = None, run: str | None = None
) -> list[SampleRow]:
    """All samples, of an anomaly class, with a verdict, of a run, in the order in which they came."""
    rows = catalogue.select(
        "SELECT sample.*, anomaly.name AS anomaly FROM sample JOIN anomaly ON anomaly.id = anomaly_id"
        " WHERE (?1 IS NULL OR anomaly.name = ?1) AND (?2 IS NULL OR verdict = ?2)"
        " AND (?3 IS NULL OR run = ?3) ORDER BY sample.id",
        (anomaly, verdict, run),
    )
    return [_to_sample(row) for row in rows]


def put_sample(
    catalogue: Catalogue,
    *,
    path: str,
    mask: str,
    photo: str,
    anomaly_id: int,
    embedding: str,
    seed: int,
    boxes: tuple[Box, ...],
    flags: tuple[SampleFlag, ...],
    created: str,
) -> None:
    """Enter a sample whose files are in place, or bring its row up to date; verdict and stars stay."""
    encode = msgspec.json.encode
    catalogue.change(
        "INSERT INTO sample (path, mask, photo, anomaly_id, embedding, run, seed, boxes, flags, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET mask = excluded.mask, photo = excluded.photo,"
        " anomaly_id = excluded.anomaly_id, embedding = excluded.embedding, run = excluded.run,"
        " seed = excluded.seed, boxes = excluded.boxes, flags = excluded.flags,"
        " created = excluded.created, is_missing = 0",
        (path, mask, photo, anomaly_id, embedding, run_of(path), seed,
         encode(boxes).decode(), encode(flags).decode(), created),
    )  # fmt: skip


def run_of(path: str) -> str:
    """The run's name in the path of a job's file: runs/<run>/… or samples/<anomaly>/<run>/…; else ''."""
    parts = path.split("/")
    if len(parts) > 2 and parts[0] == "runs":
        return parts[1]
    return parts[2] if len(parts) > 3 and parts[0] == "samples" else ""


def set_verdict(catalogue: Catalogue, sample_id: int, verdict: Verdict) -> None:
    """Raises EngineError for an unknown sample or verdict."""
    if verdict not in _VERDICTS:
        raise EngineError(f"'{verdict}' is no verdict.", f"Use one of: {', '.join(_VERDICTS)}.")
    _change_sample(catalogue, sample_id, "verdict", verdict)


def set_stars(catalogue: Catalogue, sample_id: int, stars: int) -> None:
    """`stars`: 1 to 5, 0 for none. Raises EngineError for another number or an unknown sample."""
    if not 0 <= stars <= 5:
        raise EngineError(f"{stars} stars cannot be given.", "Give 1 to 5, or 0 for none.")
    _change_sample(catalogue, sample_id, "stars", stars)


def _change_sample(catalogue: Catalogue, sample_id: int, column: str, value: str | int) -> None:
    if catalogue.select_one("SELECT 1 FROM sample WHERE id = ?", (sample_id,)) is None:
        raise EngineError(
            f"There is no sample number {sample_id} in this project.", "It may have been removed."
        )
    catalogue.change(f"UPDATE sample SET {column} = ? WHERE id = ?", (value, sample_id))


def unreadable_samples(catalogue: Catalogue) -> set[str]:
    """The paths of the samples whose boxes or flags are damaged in the catalogue."""
    paths: set[str] = set()
    for row in catalogue.select("SELECT path, boxes, flags FROM sample"):
        try:
            _decoded(row)
        except msgspec.DecodeError:
            paths.add(row["path"])
    return paths


def forget_unreadable(catalogue: Catalogue) -> None:
    """Empty boxes and flags where they are damaged; what a person thinks of the sample stays."""
    for path in unreadable_samples(catalogue):
        catalogue.change("UPDATE sample SET boxes = '[]', flags = '[]' WHERE path = ?", (path,))


def _decoded(row: sqlite3.Row) -> tuple[tuple[Box, ...], tuple[SampleFlag, ...]]:
    """Boxes and flags of a sample. Raises msgspec.DecodeError."""
    decode = msgspec.json.decode
    return decode(row["boxes"], type=_BOXES), decode(row["flags"], type=_FLAGS)


def _to_embedding(row: sqlite3.Row) -> EmbeddingRow:
    return EmbeddingRow(
        id=row["id"],
        name=row["name"],
        anomaly=row["anomaly"],
        path=row["path"],
        backbone=row["backbone"],
        steps=row["steps"],
        created=row["created"],
        is_missing=bool(row["is_missing"]),
    )


def _to_sample(row: sqlite3.Row) -> SampleRow:
    try:
        boxes, flags = _decoded(row)
    except msgspec.DecodeError as error:
        raise EngineError(
            f"What the catalogue says of the sample {row['path']} is damaged.",
            "It is mended when the project is opened where it can be written to.",
        ) from error
    return SampleRow(
        id=row["id"],
        path=row["path"],
        mask=row["mask"],
        photo=row["photo"],
        anomaly=row["anomaly"],
        embedding=row["embedding"],
        run=row["run"],
        seed=row["seed"],
        boxes=boxes,
        flags=flags,
        verdict=row["verdict"],
        stars=row["stars"],
        created=row["created"],
        is_missing=bool(row["is_missing"]),
    )
