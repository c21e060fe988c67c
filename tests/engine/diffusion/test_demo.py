from pathlib import Path

import pytest

from engine import tasks
from engine.diffusion.pretraining import demo_product
from engine.errors import EngineError
from engine.protocol import FileWritten, Progress, RenderDemoJob, Started
from engine.supervision import Control, supervise


def job(folder: Path) -> RenderDemoJob:
    return RenderDemoJob(project=str(folder / "product"), goods=2, tests=1, bad=1)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_product_is_rendered_photo_by_photo(tmp_path: Path) -> None:
    started, *course, written = tasks.run(job(tmp_path))
    assert isinstance(started, Started)
    assert [(event.step, event.total) for event in course if isinstance(event, Progress)] == [
        (step, 4) for step in range(1, 5)
    ]
    assert written == FileWritten(path=str(tmp_path / "product"), what="product")
    assert files(tmp_path) == [
        "product/ground_truth/broken/000_mask.png",
        "product/test/broken/000.png",
        "product/test/good/000.png",
        "product/train/good/000.png",
        "product/train/good/001.png",
    ]


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "product").mkdir()
    assert list(tasks.run(job(tmp_path))) == []
    assert files(tmp_path) == []


def test_a_cancelled_rendering_leaves_nothing_and_a_killed_one_is_cleared_away(tmp_path: Path) -> None:
    control = Control()
    events = supervise("a", tasks.run(job(tmp_path)), control)
    assert isinstance(next(events), Started)
    assert isinstance(next(events), Progress)
    control.cancel()
    list(events)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".product-unfinished" / "left").mkdir(parents=True)
    list(tasks.run(job(tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["product"]
    assert "product/left" not in files(tmp_path)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(demo_product, "_write", fail)
    with pytest.raises(EngineError, match="The disk is full"):
        list(tasks.run(job(tmp_path)))
    assert list(tmp_path.iterdir()) == []
