"""How the window is arranged, kept from one start to the next."""

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QSplitter

from anogen_gui.settings import Settings

_FIRST_SIZE = (1280, 800)
_OPEN, _CLOSED = QByteArray(b"open"), QByteArray(b"closed")


class WindowLayout:
    """Saves and restores place and size of the window, the splitter, and whether the jobs panel is open."""

    def __init__(self, window: QMainWindow, splitter: QSplitter, jobs: QAction, settings: Settings) -> None:
        self._window, self._splitter, self._jobs, self._settings = window, splitter, jobs, settings

    def save(self) -> None:
        self._settings.save_layout("window", self._window.saveGeometry())
        self._settings.save_layout("splitter", self._splitter.saveState())
        self._settings.save_layout("jobs_panel", _OPEN if self._jobs.isChecked() else _CLOSED)

    def restore(self) -> None:
        """Arrange the window as it was saved, or as at the first start."""
        if not self._window.restoreGeometry(self._settings.layout("window")):
            self._window.resize(*_FIRST_SIZE)
        self._splitter.restoreState(self._settings.layout("splitter"))
        self._jobs.setChecked(self._settings.layout("jobs_panel") == _OPEN)
