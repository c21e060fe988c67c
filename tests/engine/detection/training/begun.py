"""What the tests of this folder share."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from engine.detection.training import train
from engine.errors import EngineError
from engine.protocol import (
    Event,
    Progress,
    TrainJob,
    TrainSettings,
)
from tests.engine.detection.material import write_goods, write_samples

ROOT = Path(__file__).parents[4]


FEW: dict[str, Any] = {"steps": 6, "batch_size": 4, "side": 32, "heatmaps_every": 3, "checkpoint_every": 2}


Events = Generator[Event, None, None]


def train_job(project: Path, goods: int = 3, samples: int = 2, **settings: Any) -> TrainJob:
    paths = write_goods(project, max(goods, samples))
    return TrainJob(
        project=str(project),
        goods=paths[:goods],
        samples=write_samples(project, samples),
        shown=paths[:2],
        settings=TrainSettings(**{**FEW, **settings}),
    )


def begin(job: TrainJob) -> Events:
    return cast(Events, train(job))


def run_until_step(job: TrainJob, step: int) -> Events:
    events = begin(job)
    for event in events:
        if isinstance(event, Progress) and event.stage == "training" and event.step == step:
            return events
    raise AssertionError(f"step {step} never came")


def run_folder(project: Path) -> Path:
    (folder,) = (project / "runs").iterdir()
    return folder


def weights(project: Path) -> dict[str, torch.Tensor]:
    return load_file(run_folder(project) / "detector.safetensors")


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


_KILLED = """
import os, signal, sys, msgspec
from engine.detection import destseg, draem, training
from engine import protocol
draem._WIDTHS["light"] = (2, 2)
training._EVALUATE_EVERY = 2
for event in training.train(msgspec.json.decode(sys.stdin.buffer.read(), type=protocol.TrainJob)):
    if CONDITION:
        os.kill(os.getpid(), signal.SIGKILL)
"""


AT_STEP_5 = 'isinstance(event, protocol.Progress) and event.stage == "training" and event.step == 5'
AT_A_PHOTO = "isinstance(event, protocol.PhotoInspected)"


def kill(job: TrainJob, condition: str) -> None:
    """Train in a process that is killed at the first event of which the condition holds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(torch.get_num_threads())}
    program = _KILLED.replace("CONDITION", condition)
    killed = subprocess.run(
        [sys.executable, "-c", program], input=msgspec.json.encode(job), env=environment, check=False
    )
    assert killed.returncode == -9


def refused(job: TrainJob) -> str:
    with pytest.raises(EngineError) as told:
        list(begin(job))
    return str(told.value)
