"""A person's way through the studio, in the real `main()`: `python -m tests.anogen_gui.journey FOLDER`.

Photos are imported, a mask is painted, an embedding learned, a box drawn, samples generated, one accepted, and
exported; a detector is trained with it, measured, looked at photos with, and reported on; of what it misses more is
generated, and one trained with that is compared with it; with the mouse and the keys where that is how it is done.
Each step is told on stdout.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from anogen_gui import app
from anogen_gui.model.importing import ImportRequest
from anogen_gui.model.project_model import ProjectModel
from tests.anogen_gui.hands import Until, click, tell
from tests.anogen_gui.journey_closing import closing
from tests.anogen_gui.journey_detecting import detecting
from tests.anogen_gui.ui.canvas.hand import Hand

_PATIENCE_S = 120.0


def journey(built: app.App, folder: Path) -> Iterator[Until]:
    """The steps; each yields what has to be true before the next one."""
    window, studio = built.window, built.studio
    window.activateWindow()
    yield window.isActiveWindow
    assert studio.new_project(folder / "project")
    project = studio.project
    assert project is not None
    yield from _import(window, project, folder)
    yield from _paint(window, project)
    yield from _learn(window, project)
    yield from _generate(window, project)
    yield from _curate(window, project, folder / "export")
    yield from detecting(window, project, folder)
    yield from closing(window, project)
    assert not window.notices.texts or "done" in window.notices.texts[-1], window.notices.texts


def _import(window: Any, project: ProjectModel, folder: Path) -> Iterator[Until]:
    page = window.stack.page("photos")
    page.drop([folder / "photos"], "folders")
    yield lambda: len(project.photos.all()) == 13 and not project.importing.state.is_running
    tell(
        f"imported {len(project.photos.of_role('good'))} good and {len(project.photos.of_role('bad'))} bad photos"
    )
    page.start_import(ImportRequest((folder / "photos",)))
    yield lambda: not project.importing.state.is_running
    assert project.importing.state.added == 0


def _paint(window: Any, project: ProjectModel) -> Iterator[Until]:
    """A scribble on each bad photo."""
    page = window.stack.page("photos")
    for photo in project.photos.of_role("bad"):
        page.open_photo(photo.path)
        canvas = page.editor.canvas
        yield lambda canvas=canvas: canvas.can_be_edited()
        canvas.set_tool("brush")
        canvas.set_brush_width(12)
        Hand(canvas).drag((50, 60), (76, 66))
        yield lambda path=photo.path: bool(project.photos.get(path).mask)  # type: ignore[union-attr]
    tell("painted the masks")
    page.close_photo()


def _learn(window: Any, project: ProjectModel) -> Iterator[Until]:
    window.stack.show_page("learn")
    page = window.stack.page("learn")
    card = page.cards()[0]
    yield lambda: not card.reason
    few = msgspec.structs.replace(card.settings(), adapt=False, steps=4, strip_every=2, checkpoint_every=2)
    card.form.set_value(few)
    click(card.learn)
    yield lambda: project.anomalies.embeddings()
    yield lambda: all(job.state == "done" for job in project.queue.jobs())
    tell(f"learned {project.anomalies.embeddings()[0].name}")


def _generate(window: Any, project: ProjectModel) -> Iterator[Until]:
    window.stack.show_page("place")
    page = window.stack.page("place")
    yield lambda: page.canvas.can_be_edited()
    QTest.keyClick(page.canvas, Qt.Key.Key_1)
    Hand(page.canvas).drag((40, 40), (84, 80))
    yield lambda: page.model.boxes()
    page.generate.count.set_value(2)
    page.generate.form.set_value(msgspec.structs.replace(page.generate.form.value(), steps=4, candidates=1))
    click(page.generate.start)
    yield lambda: len(project.samples.all()) == 2
    yield lambda: all(job.state == "done" for job in project.queue.jobs())
    tell("generated 2 samples")
    page.staging.choose(page.staging.samples()[0].id)
    page.tray.grid.setFocus()
    QTest.keyClick(page.tray.grid, Qt.Key.Key_Delete)
    yield lambda: [sample.verdict for sample in project.samples.all()].count("rejected") == 1
    project.history.stack.undo()
    assert {sample.verdict for sample in project.samples.all()} == {"undecided"}


def _curate(window: Any, project: ProjectModel, out: Path) -> Iterator[Until]:
    window.stack.show_page("curate")
    page = window.stack.page("curate")
    yield lambda: len(page.model.visible) == 2
    tell("discarded 1 sample and took it back")
    window.activateWindow()
    page.grid.setFocus()
    yield page.grid.hasFocus
    QTest.keyClick(page.grid, Qt.Key.Key_Home)
    QTest.keyClick(page.grid, Qt.Key.Key_P)
    yield lambda: [sample.verdict for sample in project.samples.all()].count("accepted") == 1
    tell("accepted 1 sample")
    project.exporting.start("mvtec", out)
    yield lambda: not project.exporting.is_running
    assert (out / "ground_truth").is_dir()
    tell("exported it")


class Guide:
    """Takes one step after the other, each when what the last one wanted is true; then closes the window."""

    def __init__(self, built: app.App, steps: Iterator[Until]) -> None:
        self._built, self._steps = built, steps
        self._until: Until = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer(built.window, interval=20)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def _go_on(self) -> None:
        try:
            if time.monotonic() - self._since > _PATIENCE_S:
                raise TimeoutError("waited too long")
            if not self._until():
                return
            self._until, self._since = next(self._steps), time.monotonic()
        except StopIteration:
            tell("arrived")
            self._end()
        except Exception as error:
            tell(f"failed: {error!r}, notices: {self._built.window.notices.texts}")
            self._end()
            raise

    def _end(self) -> None:
        self._timer.stop()
        self._built.window.close()


def main(folder: Path) -> int:
    build = app.build
    guides = []

    def build_and_guide(*words: Any, **named: Any) -> app.App:
        built = build(*words, **named)
        guides.append(Guide(built, journey(built, folder)))
        return built

    app.build = build_and_guide
    return app.main([])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
