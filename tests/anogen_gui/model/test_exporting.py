"""Export from the open project."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.exporting import Exporting
from engine.project import Project
from tests.anogen_gui.sample_rows import record_pictures


@pytest.fixture
def exporting(qtbot: QtBot, product: Project) -> Iterator[Exporting]:
    """Of a project with three samples, two of them accepted."""
    ids = record_pictures(product, ("a", "b", "c"))
    product.set_verdicts(ids[:2], "accepted")
    exporting = Exporting(product)
    yield exporting
    exporting.close()


def test_accepted_samples_are_exported(qtbot: QtBot, exporting: Exporting, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    exporting.progressed.connect(lambda step, total: steps.append((step, total)))
    with qtbot.waitSignals([exporting.exported, exporting.ended]):
        exporting.start("coco", tmp_path / "out")
        assert exporting.is_running
    assert not exporting.is_running
    assert steps == [(1, 2), (2, 2)]
    assert len(json.loads((tmp_path / "out" / "annotations.json").read_text())["images"]) == 2


def test_all_samples_can_be_exported(qtbot: QtBot, exporting: Exporting, tmp_path: Path) -> None:
    with qtbot.waitSignal(exporting.exported) as told:
        exporting.start("yolo", tmp_path / "out", include_all=True)
    assert told.args == [str(tmp_path / "out"), "yolo export of 3 samples"]


def test_a_folder_that_is_not_empty_is_refused(qtbot: QtBot, exporting: Exporting, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    told: list[tuple[str, str]] = []
    exporting.failed.connect(lambda message, hint: told.append((message, hint)))
    with qtbot.assertNotEmitted(exporting.exported), qtbot.waitSignal(exporting.ended):
        exporting.start("mvtec", tmp_path / "out")
    ((message, hint),) = told
    assert "is not empty" in message
    assert hint == "Choose a new folder for the export."
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_sample_that_is_gone_is_left_out_with_a_word(
    qtbot: QtBot, exporting: Exporting, product: Project, tmp_path: Path
) -> None:
    (product.folder / product.samples()[0].path).unlink()
    told: list[str] = []
    exporting.warned.connect(told.append)
    with qtbot.waitSignal(exporting.exported):
        exporting.start("coco", tmp_path / "out")
    (message,) = told
    assert "left out" in message


def test_a_second_export_waits_for_nobody_and_is_not_begun(
    qtbot: QtBot, exporting: Exporting, tmp_path: Path
) -> None:
    with qtbot.waitSignal(exporting.ended):
        exporting.start("coco", tmp_path / "first")
        exporting.start("coco", tmp_path / "second")
    assert (tmp_path / "first").is_dir()
    assert not (tmp_path / "second").exists()


def test_a_cancelled_export_leaves_nothing_behind(qtbot: QtBot, exporting: Exporting, tmp_path: Path) -> None:
    exporting.progressed.connect(exporting.cancel)
    with qtbot.assertNotEmitted(exporting.exported), qtbot.waitSignal(exporting.ended):
        exporting.start("mvtec", tmp_path / "out", include_all=True)
        exporting.cancel()
    assert not [file for file in tmp_path.iterdir() if "out" in file.name]
