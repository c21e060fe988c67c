"""What a training and a look at all photos leave in a project."""

import json
import struct
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from engine.project import Project
from engine.project.detecting import plan_train
from engine.protocol import (
    DETECTOR_FILE,
    FileWritten,
    Finished,
    PhotoInspected,
    Started,
    TrainJob,
    TrainSettings,
)
from tests.engine.project.product import write_embedding, write_sample

RUN = "draem-anogen-light-0123456789"
SETTINGS = TrainSettings(steps=100, batch_size=8, side=64, seed=7)
SCORES = {
    "photos/test/crack/002.png": 0.2,
    "photos/test/crack/003.png": 0.9,
    "photos/test/100.png": 0.7,
    "photos/test/101.png": 0.5,
    "photos/test/crack/000.png": 0.95,  # a support
    "photos/good/003.png": 0.4,  # held out
}


def record_run(project: Project, held_out: tuple[str, ...] = ("photos/good/003.png",)) -> None:
    """Two supports, three samples, a detector's file, and what it says of the photos in SCORES."""
    project.record(write_embedding(project.folder))
    project.set_supports("crack", [project.find_photo(name, "crack") for name in ("000", "001")])
    for stem in ("00000-000", "00001-001", "00002-002"):
        project.record(write_sample(project.folder, stem))
    ids = [sample.id for sample in project.samples()]
    project.set_verdicts(ids[:2], "accepted")
    job = plan_train(project, SETTINGS)
    goods = tuple(path for path in (*job.goods, *job.held_out) if path not in held_out)
    job = msgspec.structs.replace(job, goods=goods, held_out=held_out)
    record_detector(project, job)
    for photo, score in SCORES.items():
        map_path = f"runs/{RUN}/maps/{photo.replace('/', '-')}"
        write_map(project.folder / map_path, score)
        project.record(PhotoInspected(run=RUN, photo=photo, score=score, map=map_path), job)


def record_detector(project: Project, job: TrainJob) -> None:
    """The detector that a training made; the name of its run is RUN."""
    path = f"runs/{RUN}/{DETECTOR_FILE}"
    write_detector(project.folder / path)
    for event in (Started(title="Training"), FileWritten(path=path), Finished(outcome="done")):
        project.record(event, job)


def write_detector(file: Path) -> None:
    """A safetensors file with the header of a detector."""
    record = {"settings": msgspec.to_builtins(SETTINGS), "steps": 100}
    tensor = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
    header = json.dumps({"weight": tensor, "__metadata__": {"anogen": json.dumps(record)}}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))


def write_map(file: Path, highest: float) -> None:
    """An anomaly map that rises from 0, left, to `highest`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    row = np.linspace(0, highest * 65535, 16)
    Image.fromarray(np.rint(np.tile(row, (16, 1))).astype(np.uint16)).save(file)


def write_evaluation(project: Project) -> None:
    figures = [
        {"name": "image AUROC, all test", "value": 0.9, "interval": [0.8, 1.0]},
        {"name": "image AUROC, supports excluded", "value": 0.5, "interval": [0.25, 0.75]},
        {"name": "pixel AP, supports excluded", "value": 0.625, "interval": [0.5, 0.7]},
    ]
    file = project.folder / "runs" / RUN / "evaluation.json"
    file.write_text(json.dumps({"figures": figures, "photos": []}))
