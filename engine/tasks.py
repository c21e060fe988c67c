"""From a job to what carries it out: the only dispatch. Loads what is needed with the first step."""

from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from typing import Any

from engine.protocol import (
    CompareRunsJob,
    DownloadJob,
    EvaluateJob,
    EvaluateRunJob,
    Event,
    ExportDetectorJob,
    ExportEmbeddingJob,
    GenerateJob,
    ImportEmbeddingJob,
    InspectJob,
    Job,
    JudgeJob,
    KeepStepJob,
    LearnJob,
    PretrainJob,
    PreviewJob,
    RenderDemoJob,
    ScatterJob,
    TrainJob,
)
from engine.threads import spin_briefly

_CARRIERS: dict[type[Job], str] = {
    LearnJob: "engine.diffusion.learning:learn",
    KeepStepJob: "engine.diffusion.embedding_jobs:keep",
    ImportEmbeddingJob: "engine.diffusion.embedding_jobs:bring_in",
    ExportEmbeddingJob: "engine.diffusion.embedding_jobs:hand_out",
    GenerateJob: "engine.diffusion.generation:generate",
    PreviewJob: "engine.diffusion.live:preview",
    ScatterJob: "engine.diffusion.scattering:scatter",
    TrainJob: "engine.training:train",
    EvaluateRunJob: "engine.detection.evaluation:evaluate_run",
    CompareRunsJob: "engine.detection.evaluation:compare_runs",
    InspectJob: "engine.detection.inspection:inspect",
    ExportDetectorJob: "engine.detection.export.job:export",
    DownloadJob: "engine.diffusion.backbone.download:download",
    PretrainJob: "engine.diffusion.pretraining.pretrain:pretrain",
    EvaluateJob: "engine.diffusion.judging.evaluate:evaluate",
    JudgeJob: "engine.diffusion.judging.judge:judge",
    RenderDemoJob: "engine.diffusion.demo:render_demo",
}
_WITHOUT_TORCH = (DownloadJob, RenderDemoJob)


def run(job: Job) -> Generator[Event, None, None]:
    """The events of `job`; ended early by `close()`, or `throw(StopAndKeep())` where it can keep something.

    Raises:
        EngineError: what a person is to be told.
        TypeError: no such job.
    """
    yield from _carrier(job)(job)


def _carrier(job: Job) -> Callable[[Any], Iterator[Event]]:
    """The function that carries the job out. Torch and all that is heavy is imported here."""
    if type(job) not in _CARRIERS:
        raise TypeError(f"nothing carries out a {type(job).__name__}")
    if not isinstance(job, _WITHOUT_TORCH):
        _prepare_computing()
    module, name = _CARRIERS[type(job)].split(":")
    carrier: Callable[[Any], Iterator[Event]] = getattr(import_module(module), name)
    return carrier


def _prepare_computing() -> None:
    """Set how threads wait, before torch is loaded, and how many there are, before anything is computed."""
    spin_briefly()
    from engine.device import tune_cpu

    tune_cpu()
