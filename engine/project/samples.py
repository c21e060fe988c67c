"""Samples in the catalogue, and what people think of them."""

import sqlite3
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from engine.errors import EngineError
from engine.geometry import Box
from engine.project.catalogue import Catalogue
from engine.project.rows import SampleRow, Verdict
from engine.project.runs import run_of
from engine.protocol import SampleFlag

_SELECT = "SELECT sample.*, anomaly.name AS anomaly FROM sample JOIN anomaly ON anomaly.id = anomaly_id"
_boxes_decoder = msgspec.json.Decoder(tuple[Box, ...])
_flags_decoder = msgspec.json.Decoder(tuple[SampleFlag, ...])
_VERDICTS = ("undecided", "accepted", "rejected")


def list_samples(
    catalogue: Catalogue, anomaly: str | None = None, verdict: Verdict | None = None, run: str | None = None
) -> list[SampleRow]:
    """All samples, of an anomaly class, with a verdict, of a run, in the order in which they came."""
    rows = catalogue.select(
        f"{_SELECT} WHERE (?1 IS NULL OR anomaly.name = ?1) AND (?2 IS NULL OR verdict = ?2)"
        " AND (?3 IS NULL OR run = ?3) ORDER BY sample.id",
        (anomaly, verdict, run),
    )
    return [_to_sample(row) for row in rows]


def count_samples(catalogue: Catalogue, anomaly: str | None = None, verdict: Verdict | None = None) -> int:
    """How many samples there are, of an anomaly class, with a verdict."""
    row = catalogue.select_one(
        "SELECT count(*) AS count FROM sample JOIN anomaly ON anomaly.id = anomaly_id"
        " WHERE (?1 IS NULL OR anomaly.name = ?1) AND (?2 IS NULL OR verdict = ?2)",
        (anomaly, verdict),
    )
    return int(row["count"]) if row is not None else 0


def get_samples(catalogue: Catalogue, sample_ids: Sequence[int]) -> list[SampleRow]:
    """The samples of these numbers, in their order. Raises EngineError for an unknown one."""
    rows = catalogue.select(
        f"{_SELECT} JOIN json_each(?) AS wanted ON wanted.value = sample.id ORDER BY wanted.key",
        (_numbers(sample_ids),),
    )
    _check_known(sample_ids, {row["id"] for row in rows})
    return [_to_sample(row) for row in rows]


def sample_at(catalogue: Catalogue, path: str) -> SampleRow | None:
    """The sample whose PNG lies at this path, if there is one."""
    row = catalogue.select_one(f"{_SELECT} WHERE sample.path = ?", (path,))
    return _to_sample(row) if row is not None else None


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
    origin: str = "",
) -> None:
    """Enter a sample whose files are in place, or bring its row up to date; verdict and stars stay."""
    encode = msgspec.json.encode
    catalogue.change(
        "INSERT INTO sample (path, mask, photo, anomaly_id, embedding, run, seed, boxes, flags, created, origin)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET mask = excluded.mask, photo = excluded.photo,"
        " anomaly_id = excluded.anomaly_id, embedding = excluded.embedding, run = excluded.run,"
        " seed = excluded.seed, boxes = excluded.boxes, flags = excluded.flags,"
        " created = excluded.created, origin = excluded.origin, is_missing = 0",
        (path, mask, photo, anomaly_id, embedding, run_of(path), seed,
         encode(boxes).decode(), encode(flags).decode(), created, origin),
    )  # fmt: skip


def set_verdicts(catalogue: Catalogue, sample_ids: Sequence[int], verdict: Verdict) -> None:
    """Give samples a verdict: all of them, or after an error none.

    Raises EngineError for an unknown sample or verdict.
    """
    if verdict not in _VERDICTS:
        raise EngineError(f"'{verdict}' is no verdict.", f"Use one of: {', '.join(_VERDICTS)}.")
    _change_samples(catalogue, sample_ids, "verdict", verdict)


def set_stars(catalogue: Catalogue, sample_ids: Sequence[int], stars: int) -> None:
    """Give samples 1 to 5 stars, or 0 for none: all of them, or after an error none.

    Raises EngineError for another number of stars, or an unknown sample.
    """
    if not 0 <= stars <= 5:
        raise EngineError(f"{stars} stars cannot be given.", "Give 1 to 5, or 0 for none.")
    _change_samples(catalogue, sample_ids, "stars", stars)


def _change_samples(catalogue: Catalogue, sample_ids: Sequence[int], column: str, value: str | int) -> None:
    numbers = _numbers(sample_ids)
    with catalogue.transaction():
        known = catalogue.select(
            "SELECT id FROM sample WHERE id IN (SELECT value FROM json_each(?))", (numbers,)
        )
        _check_known(sample_ids, {row["id"] for row in known})
        catalogue.change(
            f"UPDATE sample SET {column} = ? WHERE id IN (SELECT value FROM json_each(?))", (value, numbers)
        )


def _numbers(sample_ids: Sequence[int]) -> str:
    """As many numbers as there are, as one parameter of a query: a JSON array."""
    return msgspec.json.encode(list(sample_ids)).decode()


def _check_known(sample_ids: Sequence[int], known: AbstractSet[int]) -> None:
    for sample_id in sample_ids:
        if sample_id not in known:
            raise EngineError(
                f"There is no sample number {sample_id} in this project.", "It may have been removed."
            )


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
    return _boxes_decoder.decode(row["boxes"]), _flags_decoder.decode(row["flags"])


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
        origin=row["origin"],
    )
