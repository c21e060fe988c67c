"""The jobs *keep a step*, *import an embedding* and *export an embedding*."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from engine.data.files import safe_name
from engine.diffusion.backbone.catalogue import check_backbone
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.foreign_embeddings import export_embedding, import_embedding
from engine.diffusion.keeping import embedding_path, embedding_written, keep_step
from engine.errors import EngineError
from engine.protocol import (
    EmbeddingWritten,
    Event,
    ExportEmbeddingJob,
    FileWritten,
    ImportEmbeddingJob,
    KeepStepJob,
)


def keep(job: KeepStepJob) -> Iterator[EmbeddingWritten]:
    """Make an embedding of its own of one of a run's steps. Yields and raises like `keep_step`."""
    yield keep_step(Path(job.project), job.run, job.step)


def bring_in(job: ImportEmbeddingJob) -> Iterator[EmbeddingWritten]:
    """Make an anomaly embedding of another program's.

    Raises:
        EngineError: the file or the backbone cannot be used or do not belong together; the project has an
            embedding of this name already; the disk is full.
    """
    project, file = Path(job.project), Path(job.file)
    report = check_backbone(job.backbone, project)
    name = safe_name(job.name or file.stem)
    path = embedding_path(job.anomaly, name)
    if (project / path).exists():
        raise EngineError(f"There is an embedding {path} already.", "Choose another name (--name).")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    embedding = import_embedding(file, report, job.anomaly, name, token=job.token, created=now)
    embedding.save(project / path)
    yield embedding_written(embedding)


def hand_out(job: ExportEmbeddingJob) -> Iterator[Event]:
    """Write an embedding as a textual inversion file.

    Yields: FileWritten.
    Raises:
        EngineError: the embedding cannot be read, or the file not written.
    """
    embedding = AnomalyEmbedding.load(Path(job.project) / job.embedding)
    token = export_embedding(embedding, Path(job.out), job.token)
    yield FileWritten(path=job.out, what=f"“{token}” for {embedding.backbone}")
