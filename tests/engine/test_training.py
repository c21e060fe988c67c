"""The job *train* where a backbone and a detector meet."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import torch

from engine import tasks
from engine.detection import draem
from engine.diffusion import null_edits
from engine.protocol import Progress, Started, Warned
from tests.engine.detection.training.begun import of, train_job, weights
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setattr(null_edits, "COUNT", 3)
    # which sets how this process computes, once and for all
    monkeypatch.setattr(tasks, "_prepare_computing", lambda: None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for networks so small, a second one only costs time
    yield
    torch.set_num_threads(threads)


def stages(events: list[object]) -> list[str]:
    return list(dict.fromkeys(event.stage for event in events if isinstance(event, Progress)))


def test_good_photos_go_through_the_samples_autoencoder_before_a_detector_learns(tmp_path: Path) -> None:
    backbone, project, plain = tmp_path / "backbone", tmp_path / "P", tmp_path / "plain"
    build("embedded", backbone)
    job = msgspec.structs.replace(train_job(project), autoencoder=str(backbone))
    events = list(tasks.run(job))
    assert isinstance(events[0], Started)
    assert stages([*events]) == ["null edits", "preparing", "training"]
    assert not of(events, Warned)
    assert len(list((project / "null-edits").rglob("*.png"))) == 3
    list(tasks.run(train_job(plain)))
    learned, without = weights(project), weights(plain)
    assert any(not torch.equal(learned[name], without[name]) for name in learned)


def test_none_are_made_where_nobody_asks(tmp_path: Path) -> None:
    assert stages([*tasks.run(train_job(tmp_path / "P"))]) == ["preparing", "training"]
    assert not (tmp_path / "P" / "null-edits").exists()
