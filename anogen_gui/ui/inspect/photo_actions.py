"""What is done with inspected photos and with new ones, by key, by button, and by dropping them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from anogen_gui.model.inspected import ResultFilter
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.inspected_grid import InspectedGrid
from anogen_gui.ui.inspect.report_dialog import ReportDialog
from anogen_gui.ui.inspect.verdict_words import OPINIONS
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import open_dialog
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.photos.problems_dialog import ProblemsDialog
from anogen_gui.ui.photos.sources import PHOTO_FILTER


class PhotoActions(QObject):
    """The actions of an `Inspecting` on the photos that are chosen in a grid.

    Args:
        body: where their keys work, unless they are letters that mean something else in the large picture.

    Signals:
        page_requested(key): go to another page.
        noticed(notice): a `Notice` that a person should see.
    """

    page_requested = Signal(str)
    noticed = Signal(object)

    def __init__(self, icons: Icons, grid: InspectedGrid, body: QWidget) -> None:
        super().__init__(body)
        self._icons, self._grid, self._body = icons, grid, body
        self._model: Inspecting | None = None
        self._project: ProjectModel | None = None
        for opinion, words in OPINIONS.items():
            add_key(grid, words.key, partial(self.say, opinion))
        add_key(grid, "T", self.look_at_tests)
        add_key(grid, "Delete", self.forget)
        add_key(body, "M", self.ask_for_more)
        add_key(body, "Ctrl+O", self.ask_for_files)
        add_key(body, "Ctrl+E", self.report)

    def bind(self, model: Inspecting | None, project: ProjectModel | None) -> None:
        """Work on the photos of this model from now on; it goes when its project does."""
        self._model, self._project = model, project
        if project is not None:
            project.more_like_this.planned.connect(self._go_to_place)
            project.more_like_this.learn_needed.connect(self._tell_learn)
            project.more_like_this.failed.connect(self._tell_failure)

    # --- looking at photos

    def ask_for_files(self) -> None:
        """Ask for new photos, and look at them."""
        files, _ = QFileDialog.getOpenFileNames(self._body, "New photos", "", PHOTO_FILTER)
        self.look_at([Path(file) for file in files])

    def ask_for_folder(self) -> None:
        """Ask for a folder of new photos, and look at them."""
        folder = QFileDialog.getExistingDirectory(self._body, "Folder of new photos")
        self.look_at([Path(folder)] if folder else [])

    def look_at(self, sources: Sequence[Path]) -> None:
        """Let the detector look at files, and at the photos in folders."""
        if sources and self._model is not None:
            self._model.inspect_new(sources)

    def look_at_tests(self) -> None:
        """Let the detector look at the project's test photos."""
        if self._model is not None:
            self._model.look_at_tests()

    def resume_queue(self) -> None:
        """Let what waits have its turn."""
        if self._project is not None:
            self._project.queue.resume()

    def show_problems(self) -> None:
        """Show which files could not be read, and why."""
        if self._model is not None:
            refused = self._model.looking.state.refused
            title, rest = "Files that could not be read", "The detector has looked at all other photos."
            open_dialog(ProblemsDialog(self._icons, refused, self._body, title, rest))

    # --- what they are, and what comes of it

    def say(self, opinion: bool | None) -> None:
        """Say what the chosen photos are; of a single one that was chosen, go on to the next."""
        targets = self._grid.targets
        if self._model is None or not targets or not self._model.set_opinion(targets, opinion):
            return
        current = self._model.current
        if len(targets) == 1 and current is not None and current.photo == targets[0]:
            self._model.move(1)  # otherwise it has left the list, and the next one is there already

    def ask_for_more(self) -> None:
        """Plan boxes for anomalies like those on the chosen photos; the page Place goes on with the plan."""
        if self._project is not None and self._grid.targets:
            self._project.more_like_this.ask(self._grid.targets)

    def forget(self) -> None:
        """Take the chosen photos that are new off the list."""
        if self._model is not None:
            self._model.forget(self._grid.targets)

    def report(self) -> None:
        """Ask where the report of the detector is to go."""
        if self._project is not None and self._model is not None and self._model.run is not None:
            open_dialog(ReportDialog(self._icons, self._project, self._model.run, self._body))

    def show_all(self) -> None:
        """Show photos of every kind and class."""
        if self._model is not None:
            self._model.set_filter(ResultFilter())

    # --- what the plan tells

    def _go_to_place(self) -> None:
        self.page_requested.emit("place")

    def _tell_learn(self, _anomaly: str, sentence: str) -> None:
        learn = partial(self.page_requested.emit, "learn")
        self.noticed.emit(Notice(sentence, tone="warn", action="Learn", act=learn))

    def _tell_failure(self, message: str, hint: str) -> None:
        self.noticed.emit(Notice(message, hint, "bad"))
