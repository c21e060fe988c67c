"""From a job to what carries it out: the only dispatch. Loads what is needed with the first step."""

from collections.abc import Callable, Generator, Iterator
from typing import Any

from engine.protocol import (
    DownloadJob,
    EvaluateJob,
    Event,
    GenerateJob,
    Job,
    JudgeJob,
    LearnJob,
    PretrainJob,
    PreviewJob,
    ScatterJob,
)
from engine.threads import spin_briefly


def run(job: Job) -> Generator[Event, None, None]:
    """The events of `job`; ended early by `close()`, or `throw(StopAndKeep())` where it can keep something.

    Raises:
        EngineError: what a person is to be told.
        TypeError: no such job.
    """
    yield from _carrier(job)(job)


def _carrier(job: Job) -> Callable[[Any], Iterator[Event]]:
    """The function that carries the job out. Torch and all that is heavy is imported here."""
    if isinstance(job, DownloadJob):
        from engine.diffusion.backbone.download import download

        return download
    _prepare_computing()
    match job:
        case LearnJob():
            from engine.diffusion.learning import learn

            return learn
        case GenerateJob():
            from engine.diffusion.generation import generate

            return generate
        case PreviewJob():
            from engine.diffusion.generation import preview

            return preview
        case ScatterJob():
            from engine.diffusion.scattering import scatter

            return scatter
        case PretrainJob():
            from engine.diffusion.pretraining.pretrain import pretrain

            return pretrain
        case EvaluateJob():
            from engine.diffusion.judging.evaluate import evaluate

            return evaluate
        case JudgeJob():
            from engine.diffusion.judging.judge import judge

            return judge
        case _:
            raise TypeError(f"nothing carries out a {type(job).__name__}")


def _prepare_computing() -> None:
    """Set how threads wait, before torch is loaded, and how many there are, before anything is computed."""
    spin_briefly()
    from engine.device import tune_cpu

    tune_cpu()
