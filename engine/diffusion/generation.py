"""The job *generate*: anomalies in boxes on good photos, from an anomaly embedding."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.data.files import remove_unfinished, safe_name, sha256_of
from engine.data.run_files import write_job
from engine.diffusion.at_hand import embedding_at
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.filling import Recipe, paper_recipe, product_recipe
from engine.diffusion.loaded import LoadedEmbedding
from engine.diffusion.production import Production
from engine.diffusion.samples import run_name
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, GenerateJob, GenerateSettings, Started


def generate(job: GenerateJob) -> Iterator[Event]:
    """Generate the samples of a job; those that an interrupted run of it has finished are not made again.

    Yields: Started, Progress, PreviewReady, SampleWritten, Warned, FileRefused.
    Raises:
        EngineError: the embedding, its backbone or every photo cannot be used; the disk is full.
    """
    job = _settled(job)
    project = Path(job.project)
    path = project / job.embedding
    if not job.placements:
        raise EngineError("There is no good photo to generate on.", "Import good photos first.")
    AnomalyEmbedding.load(path)  # a damaged file is told before anything is written
    run = run_name(job, sha256_of(path))
    count = job.settings.count
    yield Started(title=f"Generating {count} sample{'' if count == 1 else 's'} of “{job.anomaly}”")
    loaded = embedding_at(path, project)
    _prepare_folders(project, job, run)
    production = Production(job, run, loaded, recipe_for(loaded, job.settings))
    try:
        yield from production.events()
    except StopAndKeep:
        return
    if not production.written and production.refusal is not None:
        raise production.refusal


def recipe_for(loaded: LoadedEmbedding, settings: GenerateSettings) -> Recipe:
    """The profile's sampler with what the settings change of it."""
    make = paper_recipe if settings.profile == "paper" else product_recipe
    return make(loaded.backbone, settings.steps, settings.guidance, settings.batch_size)


def _settled(job: GenerateJob) -> GenerateJob:
    """The same job with a seed, and with its numbers as they come out of job.json: 30 and 30.0 are one."""
    if job.settings.seed is None:
        settings = msgspec.structs.replace(job.settings, seed=secrets.randbelow(2**31))
        job = msgspec.structs.replace(job, settings=settings)
    return msgspec.json.decode(msgspec.json.encode(job), type=GenerateJob)


def _prepare_folders(project: Path, job: GenerateJob, run: str) -> None:
    """Note the job (its seed above all), and remove what a killed run left half-written."""
    remove_unfinished(project / "samples" / safe_name(job.anomaly) / run)
    write_job(project / "runs" / run, job)
