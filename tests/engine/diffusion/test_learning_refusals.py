"""The job *learn* on what it cannot use, and where it comes apart: a sentence, and nothing half-done is kept."""

import math
from pathlib import Path
from typing import Any

import pytest

from engine.data.checkpoint import load_progress
from engine.diffusion import learning
from engine.diffusion.inversion import Inversion
from engine.diffusion.learning import learn
from engine.errors import EngineError
from engine.protocol import EmbeddingWritten, FileRefused, Started
from tests.engine.diffusion.small_product import learn_job, write_product
from tests.engine.diffusion.tiny_backbones import build

STEPS: dict[str, Any] = {"steps": 7, "strip_every": 3, "checkpoint_every": 2, "batch_size": 2}


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture(autouse=True)
def _few_views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_ANOMALY_VIEWS", 6)
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 6)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_product(tmp_path / "P")


def test_a_good_photo_that_cannot_be_read_is_told_and_left_out(project: Path, backbone: Path) -> None:
    (project / "photos/good/001.png").write_bytes(b"no picture")
    events = list(learn(learn_job(project, backbone, adapt=True, **STEPS)))
    (refused,) = (event for event in events if isinstance(event, FileRefused))
    assert refused.path == "photos/good/001.png"
    assert "not an image" in refused.reason
    assert any(isinstance(event, EmbeddingWritten) for event in events)


def test_good_photos_none_of_which_can_be_read(project: Path, backbone: Path) -> None:
    for path in (project / "photos/good").iterdir():
        path.write_bytes(b"no picture")
    with pytest.raises(EngineError, match="not an image"):
        list(learn(learn_job(project, backbone, adapt=True, **STEPS)))


def test_an_unknown_start_word_is_told_before_anything_is_prepared(project: Path, backbone: Path) -> None:
    events = iter(learn(learn_job(project, backbone, word="krack", **STEPS)))
    assert isinstance(next(events), Started)
    with pytest.raises(EngineError, match="does not know the word “krack”") as refused:
        next(events)
    assert "crack" in refused.value.hint
    assert not (project / "runs").exists()


def test_a_loss_that_is_no_number_ends_the_run_before_it_is_saved(
    project: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = Inversion.advance

    def come_apart(self: Inversion) -> float:
        loss = advance(self)
        return loss if self.step < 4 else math.nan

    monkeypatch.setattr(Inversion, "advance", come_apart)
    job = learn_job(project, backbone, adapt=False, **STEPS)
    with pytest.raises(EngineError, match="no number any more") as refused:
        list(learn(job))
    assert "--learning-rate" in refused.value.hint
    (checkpoint,) = project.glob("runs/*/checkpoint.safetensors")
    progress = load_progress(checkpoint)
    assert progress is not None
    assert progress.step == 2
