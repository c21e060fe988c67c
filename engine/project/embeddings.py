"""Anomaly embeddings in the catalogue."""

import sqlite3
from pathlib import Path

from engine.errors import EngineError
from engine.geometry import DEFAULT_BOX_RANGE, BoxRange
from engine.project.anomalies import get_anomaly, suggestion
from engine.project.catalogue import Catalogue
from engine.project.records import read_embedding_record
from engine.project.rows import EmbeddingRow


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


def get_box_range(folder: Path, embedding: EmbeddingRow) -> BoxRange:
    """How boxes of an embedding's anomaly are; the default range where its file does not say.

    Raises EngineError where it cannot be read.
    """
    found = read_embedding_record(folder / embedding.path)
    return found.provenance.box_range or DEFAULT_BOX_RANGE if found is not None else DEFAULT_BOX_RANGE


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
