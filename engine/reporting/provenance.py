"""What a detector and its results were made of, with the hashes by which every file can be known again."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.data.files import list_files, sha256_of
from engine.errors import EngineError
from engine.project import Project
from engine.project.records import read_detector_record
from engine.project.rows import EmbeddingRow, Photo, RunRow, SampleRow
from engine.protocol import DETECTOR_FILE, DETECTOR_NAMES, TrainJob
from engine.reporting.facts import Bands, Result, Rows
from engine.version import program_version

_MISSING = "the file is missing"


def settings_of(
    project: Project,
    row: RunRow,
    job: TrainJob,
    bands: Bands | None,
    tests: Sequence[Result],
    samples: Iterable[SampleRow],
) -> tuple[tuple[str, Rows], ...]:
    """Groups of rows, by their title; `samples` are those that the detector learned from."""
    groups = [
        ("Detector", _detector_rows(project, row, job)),
        ("Threshold", _threshold_rows(bands)),
        ("Photos", _photo_rows(project, job, tests)),
    ]
    for embedding in _embeddings(project, samples):
        groups.append((f"Embedding “{embedding.name}”", _embedding_rows(project, embedding)))
    groups.append(("Program", (("Version", program_version()), ("Project", project.name))))
    return tuple(groups)


def _detector_rows(project: Project, row: RunRow, job: TrainJob) -> Rows:
    """The settings that were trained with: those in the detector's file, in which all are decided."""
    file = project.folder / "runs" / row.name / DETECTOR_FILE
    try:
        record = read_detector_record(file)
    except EngineError:
        record = None
    settings = record.settings if record else job.settings
    rows = [
        ("Run", row.name),
        ("Detector", DETECTOR_NAMES[settings.detector]),
        ("Recipe", settings.recipe),
        ("Preset", settings.preset),
        ("Profile", settings.profile),
        ("Seed", str(settings.seed)),
        ("Steps", _steps(record.steps if record else None, settings.steps)),
        ("Batch size", _said(settings.batch_size, "photos")),
        ("Photos are looked at with", _said(settings.side, "pixels a side")),
        ("Textures", settings.textures or "drawn by the program"),
        ("Teacher", settings.teacher),
        ("Trained", _moment(row.finished)),
        ("SHA-256 of the detector", hash_of(file)),
    ]
    return tuple((label, value) for label, value in rows if value)


def _steps(done: int | None, planned: int | None) -> str:
    if done is None or done == planned:
        return _said(planned, "")
    return f"{done} of {planned}: stopped and kept" if planned else str(done)


def _said(number: int | None, unit: str) -> str:
    return "the preset's own" if number is None else f"{number} {unit}".strip()


def _threshold_rows(bands: Bands | None) -> Rows:
    if bands is None:
        return (("Rejected", "no threshold is set"),)
    where = (
        f"calibrated with {bands.normals} good photos held out"
        if bands.false_alarm_rate is not None
        else "set by a person"
    )
    return (
        ("Rejected above", f"{bands.reject_above:.6f}"),
        ("Looked at again above", f"{bands.look_again_above:.6f}"),
        ("The threshold was", where),
    )


def _photo_rows(project: Project, job: TrainJob, tests: Sequence[Result]) -> Rows:
    photos = {photo.path: photo for photo in project.photos() + project.removed_photos()}
    bad = sum(each.is_anomalous is True for each in tests)
    rows = [
        ("Good photos trained on", len(job.goods), job.goods),
        ("Good photos held out for the threshold", len(job.held_out), job.held_out),
        (f"Test photos ({len(tests) - bad} good, {bad} bad)", len(tests), [each.photo for each in tests]),
    ]
    return tuple(
        (label, f"{count} · SHA-256 over all {fingerprint(photos, paths)}" if count else "none")
        for label, count, paths in rows
    )


def fingerprint(photos: dict[str, Photo], paths: Iterable[str]) -> str:
    """One hash of many photos, whatever their order: SHA-256 of the sorted SHA-256s of their files, one a line."""
    hashes = sorted(photos[path].sha256 for path in paths if path in photos)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


# --- where the samples come from -----------------------------------------------------------------------


def _embeddings(project: Project, samples: Iterable[SampleRow]) -> list[EmbeddingRow]:
    """Those that the samples were generated with."""
    used = {sample.embedding for sample in samples}
    return [embedding for embedding in project.embeddings() if embedding.path in used]


def _embedding_rows(project: Project, embedding: EmbeddingRow) -> Rows:
    rows = [
        ("Anomaly class", embedding.anomaly),
        ("Steps", str(embedding.steps)),
        ("SHA-256 of the embedding", hash_of(project.folder / embedding.path)),
        ("Backbone", embedding.backbone),
    ]
    weights = [
        file
        for file in list_files(project.folder / embedding.backbone)
        if embedding.backbone.startswith("backbones/") and file.suffix == ".safetensors"
    ]
    rows += [(f"SHA-256 of its {file.parent.name}", hash_of(file)) for file in weights]
    return tuple(rows)


def hash_of(file: Path) -> str:
    """SHA-256 of a file, or that it is missing."""
    try:
        return sha256_of(file)
    except OSError:
        return _MISSING


def _moment(stamp: str) -> str:
    """A time as a person reads it, in UTC; '' for none."""
    return f"{stamp[:10]} {stamp[11:16]} UTC" if stamp else ""
