"""The job *train*, on tiny networks: its events, and that nothing is lost, done twice or done otherwise."""

import math
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from engine.data.images import read_photo
from engine.detection import draem
from engine.detection.trained import load_network
from engine.detection.trainer import Trainer
from engine.errors import EngineError, StopAndKeep
from engine.protocol import (
    Event,
    FileWritten,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    Warned,
)
from tests.engine.detection.training.begun import (
    AT_STEP_5,
    begin,
    kill,
    of,
    run_folder,
    run_until_step,
    same,
    train_job,
    weights,
)


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


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_training_goes_on_to_the_same_weights(
    project: Path, uninterrupted: dict[str, torch.Tensor]
) -> None:
    job = train_job(project)
    kill(job, AT_STEP_5)
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
