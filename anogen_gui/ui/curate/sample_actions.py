"""What is done with samples, by key, from the menu, and from the panel."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.curate.stars import MOST_STARS
from anogen_gui.ui.curate.words import VERDICTS
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from engine.project import Verdict


class SampleActions(QObject):
    """The actions of a `CurateModel`; their keys work wherever in `widget` the keyboard is."""

    def __init__(self, icons: Icons, widget: QWidget) -> None:
        super().__init__(widget)
        self._icons, self._widget = icons, widget
        self._model: CurateModel | None = None
        self._project: ProjectModel | None = None
        self._verdicts = [
            add_key(widget, words.key, partial(self.judge, verdict), words.verb)
            for verdict, words in VERDICTS.items()
        ]
        for action, words in zip(self._verdicts, VERDICTS.values(), strict=True):
            icons.bind(action, words.icon)
        for stars in range(MOST_STARS + 1):
            add_key(widget, str(stars), partial(self.star, stars))

    def bind(self, model: CurateModel | None, project: ProjectModel | None) -> None:
        """Work on the samples of this model from now on; it goes when its project does."""
        self._model, self._project = model, project

    def judge(self, verdict: Verdict) -> None:
        if self._model is not None:
            self._model.judge(verdict)

    def star(self, stars: int) -> None:
        if self._model is not None:
            self._model.star(stars)

    def show_file(self) -> None:
        """Open the folder of the current sample in the file manager."""
        sample = self._model.current if self._model is not None else None
        if sample is not None and self._project is not None:
            folder = self._project.file(sample.path).parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def copy_seed(self) -> None:
        """Put the seed of the current sample on the clipboard."""
        sample = self._model.current if self._model is not None else None
        if sample is not None:
            QGuiApplication.clipboard().setText(str(sample.seed))

    def show_menu(self, position: QPoint, look: Callable[[], object]) -> None:
        """Offer what can be done, at this place of the screen; `look` opens the loupe."""
        if self._model is None or self._model.current is None:
            return
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._verdicts)
        menu.addSeparator()
        menu.addAction(self._icons.icon("mdi6.magnify"), "Look at it in the loupe", look)
        menu.addAction(self._icons.icon("mdi6.folder-open-outline"), "Show file", self.show_file)
        menu.addAction(self._icons.icon("mdi6.content-copy"), "Copy the seed", self.copy_seed)
        menu.popup(position)
