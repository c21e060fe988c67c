"""What every run leaves in its folder beside its results: the job, and the losses that were measured."""

import json
from collections.abc import Iterable
from pathlib import Path

from engine.data.files import write_atomically, write_error, write_json
from engine.protocol import Job

_JOB_FILE = "job.json"
_METRICS_FILE = "metrics.jsonl"


def write_job(folder: Path, job: Job) -> None:
    """Write the job as it was asked for, so that it is known again and, started from there, goes on.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    write_json(folder / _JOB_FILE, job)


def write_evaluations(folder: Path, evaluations: Iterable[tuple[int, float]]) -> None:
    """Write the evaluation losses so far, (step, loss), and forget what was measured after them.

    Raises:
        EngineError: as for `write_job`.
    """
    with write_atomically(folder / _METRICS_FILE) as temporary:
        temporary.write_text("".join(_line(step, loss) for step, loss in evaluations))


def append_evaluation(folder: Path, step: int, loss: float) -> None:
    """Add one evaluation loss.

    Raises:
        EngineError: as for `write_job`.
    """
    path = folder / _METRICS_FILE
    try:
        with path.open("a") as file:
            file.write(_line(step, loss))
    except OSError as error:
        raise write_error(path, error) from error


def _line(step: int, loss: float) -> str:
    return json.dumps({"step": step, "evaluation_loss": loss}) + "\n"
