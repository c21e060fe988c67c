"""Trainings with null edits: good photos that an autoencoder has touched count as good."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from engine.data.images import save_png
from engine.data.null_edit import NullEdit
from engine.data.textures import ProceduralTextures
from engine.detection import training
from engine.detection.detector import Batch
from engine.detection.training import train
from engine.detection.training_data import TrainingData
from engine.detection.training_run import plan_run
from engine.errors import EngineError
from engine.protocol import Event, FileRefused, Progress, Started, TrainJob, Warned
from tests.engine.detection.material import good, material
from tests.engine.detection.training.begun import of, run_folder, train_job, weights

AUTOENCODER = "backbones/of-the-samples"
Edits = Generator[Event, None, tuple[NullEdit, ...]]


def with_autoencoder(project: Path, **settings: Any) -> TrainJob:
    return msgspec.structs.replace(train_job(project, **settings), autoencoder=AUTOENCODER)


def make(job: TrainJob) -> Edits:
    """Two null edits, slightly brighter than their photos."""
    edits = tuple(NullEdit(f"null-edits/{index}.png", path) for index, path in enumerate(job.goods[:2]))
    for index, edit in enumerate(edits):
        save_png(Path(job.project) / edit.image, good(index) + 2)
        yield Progress(step=index + 1, total=2, stage="null edits")
    return edits


def material_of(job: TrainJob) -> tuple[torch.Tensor, torch.Tensor]:
    """The null edits that a training was given, and their photos."""
    found: list[TrainingData] = []

    class Kept(TrainingData):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            found.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "TrainingData", Kept)
        list(train(job, make))
    return found[0]._material.edits, found[0]._material.edited


def test_they_are_made_after_the_start_and_learned_from(project: Path, tmp_path: Path) -> None:
    events = list(train(with_autoencoder(project), make))
    assert of(events, Started)[0].title.endswith("3 good photos and 2 samples, and null edits")
    assert isinstance(events[0], Started)
    assert [event.stage for event in of(events, Progress)[:2]] == ["null edits"] * 2
    edits, edited = material_of(with_autoencoder(tmp_path / "other"))
    assert edits.shape == edited.shape == (2, 3, 32, 32)
    assert torch.equal(edits, edited + 2)


@pytest.mark.parametrize("settings", [{"recipe": "baseline"}, {"profile": "paper-code"}])
def test_baseline_and_paper_code_do_without(project: Path, settings: dict[str, Any]) -> None:
    def never(_job: TrainJob) -> Edits:
        raise AssertionError("nobody asked for them")
        yield

    job = with_autoencoder(project, **settings)
    assert "null edits" not in of(list(train(job, never)), Started)[0].title
    assert plan_run(job).name == plan_run(train_job(project, **settings)).name


def test_another_autoencoder_is_another_run(project: Path) -> None:
    assert plan_run(with_autoencoder(project)).name != plan_run(train_job(project)).name


def test_a_backbone_that_is_gone_is_told_and_the_training_goes_on(project: Path) -> None:
    def gone(_job: TrainJob) -> Edits:
        raise EngineError("There is no backbone “gone”.")
        yield

    events = list(train(with_autoencoder(project), gone))
    (warned,) = [event.message for event in of(events, Warned) if "null edits" in event.message]
    assert warned.endswith("There is no backbone “gone”.")
    assert weights(project)


def test_a_damaged_one_is_told_and_left_out(project: Path) -> None:
    def damaged(job: TrainJob) -> Edits:
        edits = yield from make(job)
        (project / edits[0].image).write_text("no picture")
        return edits

    events = list(train(with_autoencoder(project), damaged))
    assert [event.path for event in of(events, FileRefused)] == ["null-edits/0.png"]
    assert (run_folder(project) / "detector.safetensors").is_file()


# --- batches -------------------------------------------------------------------------------------------


def data(batch_size: int = 8, with_edits: bool = True, samples: int = 2) -> TrainingData:
    plain = material(samples=samples)
    edits = torch.full((2, 3, 32, 32), 255, dtype=torch.uint8)  # no other photo is all white
    edited = torch.full((2, 3, 32, 32), 254, dtype=torch.uint8)
    chosen = replace(plain, edits=edits, edited=edited) if with_edits else plain
    return TrainingData(chosen, ProceduralTextures(), "anogen", batch_size, seed=3)


def null_rows(batch: Batch) -> torch.Tensor:
    """Which of a batch are null edits: their photo is 254 wherever it is valid."""
    off = (batch.clean - 254 / 255).abs() * batch.valid
    return off.amax((1, 2, 3)) < 1e-5


def test_a_quarter_of_a_batch_are_null_edits_and_all_of_them_normal() -> None:
    for step in range(20):
        batch = data().batch(step)
        rows = null_rows(batch)
        assert int(rows.sum()) == 2  # of 8; two more are clean, two pasted, two generated
        assert int(batch.is_generated.sum()) == 2
        assert not batch.target[rows].any()
        assert not batch.is_generated[rows].any()
        seen = batch.image[rows] * batch.valid[rows]
        assert torch.allclose(seen, batch.valid[rows].expand_as(seen), atol=1e-5)
        assert batch.mask.flatten(1).any(1).sum() == 2


def test_without_them_batches_are_as_they_were() -> None:
    batch = data(with_edits=False).batch(0)
    assert not null_rows(batch).any()
    assert int(batch.is_generated.sum()) == 2
    assert (batch.image == batch.clean).flatten(1).all(1).sum() == 4
