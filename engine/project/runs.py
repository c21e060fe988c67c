"""Runs: the jobs that were started on this project, and how they ended."""

import datetime
import hashlib
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine.project.anomalies import present_names
from engine.project.catalogue import Catalogue
from engine.project.rows import RunRow
from engine.protocol import DETECTOR_FILE, AnyJob, GenerateJob, Job, LearnJob, TrainJob

_NOT_DECISIVE = ("project", "again", "left_out")


def timestamp(file: Path | None = None) -> str:
    """Now, or when `file` was last written: UTC, ISO 8601, so that text order is time order."""
    moment = file.stat().st_mtime if file is not None and file.exists() else None
    utc = datetime.UTC
    instant = datetime.datetime.now(utc) if moment is None else datetime.datetime.fromtimestamp(moment, utc)
    return instant.isoformat(timespec="microseconds")


def run_of(path: str) -> str:
    """The run's name in the path of a job's file: runs/<run>/… or samples/<anomaly>/<run>/…; else ''."""
    parts = path.split("/")
    if len(parts) > 2 and parts[0] == "runs":
        return parts[1]
    return parts[2] if len(parts) > 3 and parts[0] == "samples" else ""


def job_key(job: Job) -> str:
    """What a job is, wherever the project lies: the same job started again is the same run."""
    content = {name: value for name, value in msgspec.to_builtins(job).items() if name not in _NOT_DECISIVE}
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()[:16]


def is_kept(job: Job | None) -> bool:
    """Does the catalogue keep a run of this job? (Not of previews, downloads and the like.)"""
    return isinstance(job, LearnJob | GenerateJob | TrainJob)


def list_runs(catalogue: Catalogue) -> list[RunRow]:
    """All runs but deleted ones, the oldest first."""
    names = present_names(catalogue)
    rows = catalogue.select("SELECT * FROM run WHERE NOT is_deleted ORDER BY started, id")
    return [_to_run(row, names) for row in rows]


def start_run(catalogue: Catalogue, job: Job, state: str = "running", started: str = "") -> None:
    """Enter a run, or start a known one again."""
    catalogue.change(
        "INSERT INTO run (job_key, job, state, started) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (job_key) DO UPDATE SET state = excluded.state, message = '', finished = '',"
        " is_deleted = 0",
        (job_key(job), msgspec.json.encode(job).decode(), state, started or timestamp()),
    )


def end_run(catalogue: Catalogue, job: Job, state: str, message: str) -> None:
    """Keep how a run ended."""
    catalogue.change(
        "UPDATE run SET state = ?, message = ?, finished = ? WHERE job_key = ?",
        (state, message, timestamp(), job_key(job)),
    )


def name_run(catalogue: Catalogue, job: Job, name: str) -> None:
    """Keep the folder name of a run, once a file in it is known.

    Jobs that differ in nothing decisive share a folder, and are one run: that of the last one.
    """
    if not name:
        return
    key = job_key(job)
    with catalogue.transaction():
        catalogue.change("UPDATE run SET name = ? WHERE job_key = ? AND name != ?1", (name, key))
        catalogue.change("DELETE FROM run WHERE name = ? AND job_key != ?", (name, key))


def describe_run(catalogue: Catalogue, run_id: int, title: str, note: str) -> None:
    """Keep a person's own words for a run, '' for none."""
    catalogue.change("UPDATE run SET title = ?, note = ? WHERE id = ?", (title, note, run_id))


def set_bands(
    catalogue: Catalogue, run_id: int, look_again_above: float | None, reject_above: float | None
) -> None:
    """Keep from which image score on photos are looked at again, and rejected; None for neither."""
    catalogue.change(
        "UPDATE run SET look_again_above = ?, reject_above = ? WHERE id = ?",
        (look_again_above, reject_above, run_id),
    )


def set_deleted(catalogue: Catalogue, run_id: int, is_deleted: bool) -> None:
    """Take a run off the list, or put it back; its files stay until `remove_deleted_runs`."""
    catalogue.change("UPDATE run SET is_deleted = ? WHERE id = ?", (is_deleted, run_id))


def remove_deleted_runs(catalogue: Catalogue, folder: Path) -> None:
    """Remove what deleted runs left: folders, inspections and rows; what cannot be removed stays for the next time."""
    for row in catalogue.select("SELECT id, name FROM run WHERE is_deleted"):
        place = folder / "runs" / row["name"]
        if row["name"]:
            shutil.rmtree(place, ignore_errors=True)
        if row["name"] and place.exists():
            continue
        with catalogue.transaction():
            catalogue.change("DELETE FROM inspection WHERE run = ?", (row["name"],))
            catalogue.change("DELETE FROM run WHERE id = ?", (row["id"],))


def is_complete(catalogue: Catalogue, folder: Path, job: AnyJob, name: str) -> bool:
    """Is everything there that the run of this name was to make?"""
    if isinstance(job, LearnJob):
        query = "SELECT 1 FROM embedding WHERE name = ? AND NOT is_missing"  # it has the name of its run
        return catalogue.select_one(query, (name,)) is not None
    if isinstance(job, TrainJob):
        return (folder / "runs" / name / DETECTOR_FILE).is_file()
    made = catalogue.select("SELECT 1 FROM sample WHERE run = ? AND NOT is_missing", (name,))
    return isinstance(job, GenerateJob) and len(made) >= job.settings.count


def interrupt_runs(catalogue: Catalogue) -> None:
    """At opening: what still runs in the catalogue was cut off."""
    catalogue.change("UPDATE run SET state = 'interrupted' WHERE state = 'running'")


def decode_job(text: str) -> AnyJob | None:
    """A job as it was kept; None for one of another version, which cannot be run any more."""
    try:
        return msgspec.json.decode(text, type=AnyJob)
    except msgspec.DecodeError:
        return None


def _to_run(row: sqlite3.Row, names: Mapping[str, str]) -> RunRow:
    job = decode_job(row["job"])
    named = job.anomaly if isinstance(job, LearnJob | GenerateJob) else ""
    return RunRow(
        id=row["id"],
        name=row["name"],
        anomaly=names.get(named.lower(), named),
        job=job,
        state=row["state"],
        message=row["message"],
        started=row["started"],
        finished=row["finished"],
        title=row["title"],
        note=row["note"],
        look_again_above=row["look_again_above"],
        reject_above=row["reject_above"],
    )
