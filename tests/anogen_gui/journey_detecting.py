"""The second half of a person's way through the studio: a detector is trained, measured, set, and reported on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.inspect.report_dialog import ReportDialog
from tests.anogen_gui.hands import Until, click, drag, tell

_STEPS, _SIDE = 6, 32


def detecting(window: Any, project: ProjectModel, folder: Path) -> Iterator[Until]:
    """The steps; each yields what has to be true before the next one."""
    yield from _train(window, project)
    yield from _measure(window)
    yield from _inspect(window, folder / "new")
    yield from _set_threshold(window, project)
    yield from _report(window, folder / "report")


def _train(window: Any, project: ProjectModel) -> Iterator[Until]:
    window.stack.show_page("train")
    page = window.stack.page("train")
    few = msgspec.structs.replace(page.settings.settings(), steps=_STEPS, side=_SIDE, batch_size=2)
    page.settings.show_settings(few)
    yield lambda: page.settings.train.isEnabled()
    assert "1 accepted sample" in page.settings.words, page.settings.words
    click(page.settings.train)
    yield lambda: [each.has_detector for each in page.model.trainings()] == [True]
    yield lambda: all(job.state == "done" for job in project.queue.jobs())
    tell("trained a detector")


def _measure(window: Any) -> Iterator[Until]:
    page = window.stack.page("train")
    yield page.bar.measure.isEnabled
    click(page.bar.measure)
    yield lambda: page.model.trainings()[0].figures
    tell("measured it")
    page.inspect()


def _inspect(window: Any, photos: Path) -> Iterator[Until]:
    """What it said of the test photos is there; a folder of new ones is dropped; one opinion is given."""
    page = window.stack.page("inspect")
    kinds = lambda: [photo.kind for photo in page.model.photos()]  # noqa: E731
    yield lambda: kinds().count("test") == 5
    page.on_photos.look_at([photos])
    yield lambda: kinds().count("new") == 1
    yield lambda: not page.model.looking.state.is_busy
    tell("looked at 5 test photos and 1 new one")
    window.activateWindow()
    page.grid.setFocus()
    yield page.grid.hasFocus
    QTest.keyClick(page.grid, Qt.Key.Key_Home)
    first = page.model.current.photo
    QTest.keyClick(page.grid, Qt.Key.Key_X)
    assert page.model.photo(first).opinion is True
    tell("said that a photo is bad")


def _set_threshold(window: Any, project: ProjectModel) -> Iterator[Until]:
    """No good photos are held out of so few: the lines are put up by hand, and one is dragged."""
    page = window.stack.page("inspect")
    assert page.model.bands is None
    click(page.threshold.by_hand)
    yield lambda: page.model.bands is not None
    plot, former = page.threshold.plot, page.model.bands
    grip = plot.place_of("reject").toPoint()
    drag(plot, grip, grip + QPoint(60, 0))
    kept = project.project.runs()[-1]
    assert kept.reject_above == page.model.bands.reject_above > former.reject_above
    assert kept.look_again_above == former.look_again_above
    project.history.stack.undo()
    assert page.model.bands.reject_above == former.reject_above
    project.history.stack.redo()
    tell("moved the threshold")


def _report(window: Any, out: Path) -> Iterator[Until]:
    page = window.stack.page("inspect")
    click(page.header.report)
    dialog = page.findChild(ReportDialog)
    dialog.opens.setChecked(False)
    dialog.folder.setText(str(out))
    click(dialog.start)
    yield (out / "report.html").is_file
    yield lambda: not page.findChildren(ReportDialog)
    tell("reported on it")
