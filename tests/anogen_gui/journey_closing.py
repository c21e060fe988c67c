"""The last part of a person's way: what the detector misses becomes samples, and whether these help is compared."""

from collections.abc import Generator, Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from anogen_gui.model.lineage import lineage_of_run
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.kit import TextLabel
from engine.project import PlacedBox
from engine.protocol import CompareRunsJob
from tests.anogen_gui.hands import Until, click, tell

_NEAR_PX = 24  # boxes are scattered with a deviation of 5 around the place of what was missed


def closing(window: Any, project: ProjectModel) -> Iterator[Until]:
    """The steps; each yields what has to be true before the next one."""
    missed = yield from _miss(window)
    boxes = yield from _place_more(window, project, missed)
    yield from _generate_more(window, project, missed, boxes)
    yield from _train_again(window, project, missed)
    yield from _compare(window, project, missed)


def _miss(window: Any) -> Generator[Until, None, str]:
    """The threshold goes up until an anomaly passes as OK; the path of that photo."""
    page = window.stack.page("inspect")
    plot = page.threshold.plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Down)
    for _ in range(20):
        if not page.model.counts()["missed"]:
            QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    window.activateWindow()
    page.grid.setFocus()
    yield page.grid.hasFocus
    QTest.keyClick(page.grid, Qt.Key.Key_2)
    assert page.model.filter.show == "missed"
    QTest.keyClick(page.grid, Qt.Key.Key_Home)
    photo = page.model.current
    assert photo.truth
    assert photo.kind == "test"
    assert photo.score <= page.model.bands.look_again_above
    tell("missed an anomaly")
    QTest.keyClick(page.grid, Qt.Key.Key_M)
    yield lambda: window.stack.key == "place"
    return photo.photo


def _place_more(
    window: Any, project: ProjectModel, missed: str
) -> Generator[Until, None, tuple[PlacedBox, ...]]:
    """Class, size and place are those of what was missed; the boxes on two photos that had none."""
    page, plan = window.stack.page("place"), project.more_like_this.plan
    assert plan.anomaly == page.model.state.anomaly == "spot"
    assert page.banner.isVisible()
    assert page.banner.title.text() == plan.title
    QTest.keyClick(page.canvas, Qt.Key.Key_PageDown)
    page.banner.count.set_value(2)
    photos = [photo.path for photo in page.model.photos_from_here(2)]
    click(page.banner.start)
    yield lambda: all(project.boxes.on(photo) for photo in photos)
    boxes = tuple(box for photo in photos for box in project.boxes.on(photo))
    assert len(boxes) == 2
    assert {(placed.anomaly, placed.origin) for placed in boxes} == {("spot", missed)}
    (place,) = plan.places
    size = project.photos.get(missed)
    for box in (placed.box for placed in boxes):
        assert plan.settings.width_from <= 100 * box.width / size.width <= plan.settings.width_to
        assert abs(box.center_x - place.x * size.width) < _NEAR_PX
        assert abs(box.center_y - place.y * size.height) < _NEAR_PX
    tell("placed 2 boxes like it")
    return boxes


def _generate_more(
    window: Any, project: ProjectModel, missed: str, boxes: tuple[PlacedBox, ...]
) -> Iterator[Until]:
    """In the box of a person's own, too, whose sample is for no missed photo."""
    page, before = window.stack.page("place"), {sample.id for sample in project.samples.all()}
    assert page.generate.scope.value == "all"
    page.generate.count.set_value(1)
    click(page.generate.start)
    yield lambda: len(project.samples.all()) == len(before) + 3
    yield lambda: all(job.state == "done" for job in project.queue.jobs())
    came = [sample for sample in project.samples.all() if sample.id not in before]
    made_for = {sample.photo: sample.origin for sample in came}
    assert {made_for.pop(placed.photo) for placed in boxes} == {missed}
    assert list(made_for.values()) == [""]
    click(page.tray.keep_all)
    tell("generated and accepted 2 samples like it, and 1 other")


def _train_again(window: Any, project: ProjectModel, missed: str) -> Iterator[Until]:
    """With the settings of the first time. The photo counts no more, for the first detector either.

    What that was measured to do on it is no longer told: the figures of all detectors are about the same photos.
    """
    window.stack.show_page("train")
    page = window.stack.page("train")
    yield page.settings.train.isEnabled
    assert "5 accepted samples" in page.settings.words, page.settings.words
    click(page.settings.train)
    yield lambda: [each.has_detector for each in page.model.trainings()] == [True, True]
    yield lambda: all(job.state == "done" for job in project.queue.jobs())
    second, first = page.model.trainings()
    assert [sample.origin for sample in second.job.samples].count(missed) == 2
    found = lineage_of_run(project.project, second.run.name)
    origins = [item.place for step in found.steps if step.kind == "origins" for item in step.items]
    assert origins == [missed]
    assert first.is_outdated
    assert not first.figures
    results = window.stack.page("inspect").model
    assert results.run.name == first.run.name
    assert results.photo(missed).kind == "kept_out"
    tell("trained again")


def _compare(window: Any, project: ProjectModel, missed: str) -> Iterator[Until]:
    """On the real test photos but the one that the samples were made for."""
    page = window.stack.page("train")
    page.table.setFocus()
    yield page.table.hasFocus
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(page.model.chosen) == 2
    QTest.keyClick(page.table, Qt.Key.Key_C)
    yield lambda: page.comparison.verdict
    (job,) = (row.job for row in project.project.queued() if isinstance(row.job, CompareRunsJob))
    assert [photo.photo for photo in job.photos if photo.is_origin] == [missed]
    compared, told = page.model.comparison, page.comparison.verdict
    assert (compared.photos, compared.origins) == (4, 1)
    second, first = page.model.trainings()
    assert told.index(second.name) < told.index(first.name)
    about = " ".join(label.text() for label in page.comparison.findChildren(TextLabel))
    assert "Measured on 4 real test photos" in about
    assert "1 test photo left out: samples were made for what was missed there." in about
    tell(f"compared: {told}")
