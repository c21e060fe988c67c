"""What a job tells becomes rows, at once: a crash later loses nothing that was finished."""

from pathlib import Path

from engine.project.anomalies import meant_anomaly
from engine.project.catalogue import Catalogue
from engine.project.embeddings import put_embedding
from engine.project.inspections import forget_run, put_inspection
from engine.project.runs import end_run, is_kept, job_key, name_run, run_of, start_run, timestamp
from engine.project.samples import put_sample
from engine.protocol import (
    EmbeddingWritten,
    Event,
    FileWritten,
    Finished,
    GenerateJob,
    Job,
    PhotoInspected,
    SampleWritten,
    Started,
    StripWritten,
    TrainJob,
)


def record(catalogue: Catalogue, folder: Path, event: Event, job: Job | None = None) -> None:
    """Enter what `event` of `job` says into the catalogue; recording an event twice changes nothing."""
    if isinstance(event, SampleWritten):
        _record_sample(catalogue, folder, event, job)
    elif isinstance(event, EmbeddingWritten):
        _record_embedding(catalogue, folder, event)
    elif isinstance(event, PhotoInspected):
        put_inspection(
            catalogue,
            run=event.run,
            photo=relative_path(folder, event.photo),
            score=event.score,
            map_path=relative_path(folder, event.map),
        )
    if job is not None and is_kept(job):
        _record_run(catalogue, folder, event, job)


def relative_path(folder: Path, path: str) -> str:
    """A path from an event, relative to the project, with forward slashes."""
    file = Path(path)
    if file.is_absolute():
        resolved = file.resolve()
        return resolved.relative_to(folder).as_posix() if resolved.is_relative_to(folder) else file.as_posix()
    return file.as_posix()


def _record_sample(catalogue: Catalogue, folder: Path, event: SampleWritten, job: Job | None) -> None:
    planned = job if isinstance(job, GenerateJob) else None
    path = relative_path(folder, event.image)
    with catalogue.transaction():
        anomaly = meant_anomaly(catalogue, event.anomaly or (planned.anomaly if planned else "defect"))
        put_sample(
            catalogue,
            path=path,
            mask=relative_path(folder, event.mask),
            photo=relative_path(folder, event.photo),
            anomaly_id=anomaly.id,
            embedding=event.embedding or (planned.embedding if planned else ""),
            seed=event.seed,
            boxes=event.boxes,
            flags=event.flags,
            created=timestamp(folder / path),
            origin=event.origin,
        )


def _record_embedding(catalogue: Catalogue, folder: Path, event: EmbeddingWritten) -> None:
    path = relative_path(folder, event.path)
    with catalogue.transaction():
        put_embedding(
            catalogue,
            name=event.name,
            anomaly_id=meant_anomaly(catalogue, event.anomaly).id,
            path=path,
            backbone=event.backbone,
            steps=event.steps,
            created=timestamp(folder / path),
        )


def _record_run(catalogue: Catalogue, folder: Path, event: Event, job: Job) -> None:
    match event:
        case Started():
            start_run(catalogue, job)
            if isinstance(job, TrainJob) and job.again:
                _forget_what_it_said(catalogue, job)
        case Finished():
            end_run(catalogue, job, event.outcome, event.message)
        case SampleWritten() | StripWritten():
            name_run(catalogue, job, run_of(relative_path(folder, event.image)))
        case FileWritten():
            name_run(catalogue, job, run_of(relative_path(folder, event.path)))
        case EmbeddingWritten():
            name_run(catalogue, job, event.name)  # it has the name of its run
        case _:
            pass


def _forget_what_it_said(catalogue: Catalogue, job: Job) -> None:
    row = catalogue.select_one("SELECT name FROM run WHERE job_key = ?", (job_key(job),))
    if row is not None:
        forget_run(catalogue, row["name"])
