"""The job *train*, on tiny networks: its events, and that nothing is lost, done twice or done otherwise."""

import math
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.data import files
from engine.data.images import read_photo, save_png
from engine.detection import destseg, draem, training
from engine.detection.resnet import RESNET18, ResNet
from engine.detection.trained import load_network
from engine.detection.trainer import Trainer
from engine.detection.training import train
from engine.errors import EngineError, StopAndKeep
from engine.protocol import (
    Event,
    FileRefused,
    FileWritten,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    TrainJob,
    TrainSettings,
    Warned,
)
from tests.engine.detection.material import good, write_goods, write_samples

ROOT = Path(__file__).parents[3]
FEW: dict[str, Any] = {"steps": 6, "batch_size": 4, "side": 32, "heatmaps_every": 3, "checkpoint_every": 2}
Events = Generator[Event, None, None]


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setitem(draem._WIDTHS, "paper", (4, 4))
    monkeypatch.setattr(training, "_EVALUATE_EVERY", 2)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "P"


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


def test_from_photos_to_a_detector(project: Path) -> None:
    events = list(begin(train_job(project)))
    (started,) = of(events, Started)
    assert started.title == "Training draem (anogen, light) on 3 good photos and 2 samples"
    steps = [event.step for event in of(events, Progress) if event.stage == "training"]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert [event.step for event in of(events, LossMeasured)] == [2, 4, 6]
    assert [event.step for event in of(events, StripWritten)] == [3, 6]
    picture = read_photo(project / of(events, StripWritten)[0].image)
    assert picture.shape == (64, 64, 3)  # two photos above their heatmaps
    (written,) = of(events, FileWritten)
    assert written is events[-1]
    network = load_network(project, run_folder(project).name)
    maps, scores = network.infer(torch.rand(2, 3, 32, 32))
    assert maps.shape == (2, 32, 32)
    assert torch.isfinite(scores).all()
    assert not (run_folder(project) / "checkpoint.safetensors").exists()


def test_the_same_job_again_is_not_done_twice(project: Path) -> None:
    job = train_job(project)
    list(begin(job))
    before = weights(project)
    again = list(begin(job))
    assert of(again, Started)[0].resumed_from == 6
    assert "trained already" in of(again, Warned)[0].message
    assert not of(again, Progress)
    fresh = list(begin(msgspec.structs.replace(job, again=True)))
    assert len(of(fresh, Progress)) > 6
    assert same(before, weights(project))  # the same seed


@pytest.fixture
def uninterrupted(tmp_path: Path) -> dict[str, torch.Tensor]:
    project = tmp_path / "whole"
    list(begin(train_job(project)))
    return weights(project)


def test_a_cancelled_training_goes_on_to_the_same_weights(
    project: Path, uninterrupted: dict[str, torch.Tensor]
) -> None:
    job = train_job(project)
    run_until_step(job, 5).close()
    assert not (run_folder(project) / "detector.safetensors").exists()
    events = list(begin(job))
    assert of(events, Started)[0].resumed_from == 4
    assert [event.step for event in of(events, Progress) if event.stage == "training"] == [5, 6]
    assert same(weights(project), uninterrupted)
    measured = (run_folder(project) / "metrics.jsonl").read_text().splitlines()
    assert [msgspec.json.decode(line)["step"] for line in measured] == [2, 4, 6]


KILLED = """
import os, signal, sys, msgspec
from engine.detection import destseg, draem, training
from engine.protocol import Progress, TrainJob
draem._WIDTHS["light"] = (2, 2)
training._EVALUATE_EVERY = 2
for event in training.train(msgspec.json.decode(sys.stdin.buffer.read(), type=TrainJob)):
    if isinstance(event, Progress) and event.stage == "training" and event.step == 5:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_training_goes_on_to_the_same_weights(
    project: Path, uninterrupted: dict[str, torch.Tensor]
) -> None:
    job = train_job(project)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(torch.get_num_threads())}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], input=msgspec.json.encode(job), env=environment, check=False
    )
    assert killed.returncode == -9
    events = list(begin(job))
    assert of(events, Started)[0].resumed_from == 4
    assert same(weights(project), uninterrupted)


def test_stop_and_keep(project: Path) -> None:
    events = run_until_step(train_job(project), 3)
    rest: list[Event] = [events.throw(StopAndKeep())]
    rest += events
    assert isinstance(rest[-1], FileWritten)
    assert load_network(project, run_folder(project).name).trained.steps == 3


def test_a_loss_that_is_no_number_keeps_the_last_good_checkpoint(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = Trainer.advance
    monkeypatch.setattr(Trainer, "advance", lambda self: advance(self) if self.step < 3 else math.nan)
    with pytest.raises(EngineError) as told:
        list(begin(train_job(project)))
    assert "its loss is no number any more." in told.value.message
    assert "The detector after 2 steps is kept" in told.value.hint
    assert load_network(project, run_folder(project).name).trained.steps == 2


def test_weights_that_are_no_numbers_are_never_a_checkpoint(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trainer, "is_sound", lambda self: self.step < 4)
    with pytest.raises(EngineError, match="no number any more"):
        list(begin(train_job(project)))
    assert load_network(project, run_folder(project).name).trained.steps == 2


def test_short_memory_halves_what_is_computed_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step, sizes = draem.Draem.training_step, []

    def short_of_memory(self: draem.Draem, batch: Any, at: int) -> Any:
        sizes.append(len(batch.image))
        if len(batch.image) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return step(self, batch, at)

    monkeypatch.setattr(draem.Draem, "training_step", short_of_memory)
    monkeypatch.setattr(Trainer, "evaluate", lambda self: 0.0)
    events = list(begin(train_job(project)))
    assert sizes == [4] + [2, 2] * 6
    assert [event.message for event in of(events, Warned)] == [
        "Memory ran out: 4 photos a step are computed 2 at a time."
    ]


def test_the_gradient_of_parts_is_that_of_the_batch() -> None:
    from engine.data.textures import ProceduralTextures
    from engine.detection.training_data import TrainingData
    from tests.engine.detection.material import material

    class Mean(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gain = torch.nn.Parameter(torch.tensor(0.5))

        def training_step(self, batch: Any, step: int) -> dict[str, torch.Tensor]:
            return {"l2": ((self.gain * batch.image - batch.clean) ** 2).mean()}

        def optimizer(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    data = TrainingData(material(), ProceduralTextures(), "anogen", 5, 0)
    gains = []
    for part in (5, 2):
        trainer = Trainer(Mean(), "draem", data, 10, torch.device("cpu"))
        trainer.part = part
        trainer.advance()
        gains.append(float(trainer.network.gain.detach()))  # type: ignore[arg-type, union-attr]
    assert gains[0] == pytest.approx(gains[1], rel=1e-6)


# --- what cannot be used -------------------------------------------------------------------------------


def refused(job: TrainJob) -> str:
    with pytest.raises(EngineError) as told:
        list(begin(job))
    return str(told.value)


def test_no_normals(project: Path) -> None:
    assert refused(train_job(project, goods=0)).startswith("There are no good photos to train a detector on.")


def test_no_samples(project: Path) -> None:
    job = train_job(project, samples=0)
    assert "There are no samples to train a detector on." in refused(job)
    assert not (project / "runs").exists()
    list(begin(train_job(project, samples=0, recipe="baseline")))  # does without


def test_one_photo(project: Path) -> None:
    events = list(begin(train_job(project, goods=1, samples=1)))
    assert "There is one good photo only" in of(events, Warned)[0].message


def test_photos_of_different_sizes_and_modes(project: Path) -> None:
    job = train_job(project, samples=0, recipe="baseline")
    save_png(project / job.goods[0], good(0, width=90, height=70)[..., 0])  # grey
    save_png(project / job.goods[1], np.dstack([good(1), np.full((40, 48), 255, np.uint8)]))  # with alpha
    events = list(begin(job))
    assert [event.message for event in of(events, Warned)] == [
        "The good photos are of 2 sizes; all become 32×32 pixels."
    ]
    assert not of(events, FileRefused)


def test_masks_that_are_all_empty(project: Path) -> None:
    job = train_job(project)
    samples = tuple(msgspec.structs.replace(sample, boxes=()) for sample in job.samples)
    for sample in samples:
        save_png(project / sample.mask, np.zeros((40, 48), bool))
    assert "is all black." in refused(msgspec.structs.replace(job, samples=samples))


def test_a_sample_of_another_size_than_its_photo_is_left_out(project: Path) -> None:
    job = train_job(project)
    save_png(project / job.samples[0].image, good(0, width=90))
    (told,) = of(list(begin(job)), FileRefused)
    assert "is 90×40 pixels, its photo" in told.reason


def test_a_good_photo_that_is_none_is_left_out(project: Path) -> None:
    job = train_job(project, samples=0, recipe="baseline")
    (project / job.goods[2]).write_text("no photo")
    (told,) = of(list(begin(job)), FileRefused)
    assert told.path == job.goods[2]


def test_a_folder_of_textures_without_images(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "textures"
    folder.mkdir()
    (folder / "readme.txt").write_text("none here")
    assert "holds no textures" in refused(train_job(project, textures=str(folder)))


def test_textures_of_a_folder(project: Path, tmp_path: Path) -> None:
    save_png(
        tmp_path / "textures" / "one.png", np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)
    )
    list(begin(train_job(project, textures=str(tmp_path / "textures"))))


def test_weights_of_another_preset(project: Path) -> None:
    list(begin(train_job(project)))
    name = run_folder(project).name
    other = project.parent / "other"
    list(begin(train_job(other, preset="paper")))
    header = msgspec.json.encode(load_network(project, name).trained).decode()
    from engine.data.tensors import save_tensors

    save_tensors(project / "runs" / name / "detector.safetensors", weights(other), {"anogen": header})
    with pytest.raises(EngineError, match="are not those of a detector draem of preset light"):
        load_network(project, name)


@pytest.mark.parametrize(
    ("run", "said"), [("none", "There is no run “none”"), ("empty", "no trained detector")]
)
def test_a_run_without_a_detector(project: Path, run: str, said: str) -> None:
    (project / "runs" / "empty").mkdir(parents=True)
    with pytest.raises(EngineError, match=said):
        load_network(project, run)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The disk is full from the second checkpoint on."""
    from engine.data import tensors

    save, calls = tensors.save, list[int]()

    def fill(*arguments: Any) -> bytes:
        calls.append(1)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return save(*arguments)

    monkeypatch.setattr(tensors, "save", fill)
    return calls


def test_a_full_disk_at_a_checkpoint_loses_nothing(project: Path, full_disk: list[int]) -> None:
    job = train_job(project)
    assert "The disk is full" in refused(job)
    assert run_folder(project).joinpath("checkpoint.safetensors").is_file()
    assert not list(run_folder(project).glob(f"{files.TEMPORARY_PREFIX}*"))


# --- DeSTSeg -------------------------------------------------------------------------------------------


@pytest.fixture
def with_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any folder holds a ResNet-18 of random weights."""

    def random_teacher(_folder: Path, stages: int) -> ResNet:
        with torch.random.fork_rng():
            torch.manual_seed(5)
            return ResNet(RESNET18[:stages], (2, 2, 2), stem=RESNET18[0])

    monkeypatch.setattr(destseg, "read_resnet", random_teacher)
    monkeypatch.setitem(destseg._WIDTHS, "light", destseg.Widths((4, 4, 4, 4), 4, 1))


@pytest.mark.usefixtures("with_teacher")
def test_a_student_then_a_segmentation_that_go_on_where_they_were(project: Path, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"detector": "destseg", "teacher": "resnet", "batch_size": 2}
    whole = tmp_path / "whole"
    list(begin(train_job(whole, **settings)))
    job = train_job(project, **settings)
    run_until_step(job, 3).close()
    assert of(list(begin(job)), Started)[0].resumed_from == 2
    assert same(weights(project), weights(whole))
    maps, _ = load_network(project, run_folder(project).name).infer(torch.rand(1, 3, 32, 32))
    assert maps.shape == (1, 32, 32)


def test_destseg_without_a_teacher(project: Path, tmp_path: Path) -> None:
    job = train_job(project, detector="destseg")
    assert "needs the weights of a ResNet-18 as its teacher." in refused(job)
    (tmp_path / "empty").mkdir()
    told = refused(train_job(project, detector="destseg", teacher=str(tmp_path / "empty")))
    assert "microsoft/resnet-18" in told
