"""The composition root of viewer mode: the window of those who only look."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from anogen_gui.engine_client import Engine
from anogen_gui.model.studio import Studio
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.settings import Settings
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.viewer_page import ViewerPage
from anogen_gui.ui.key_sheet import KeySheet
from anogen_gui.ui.theme import ThemeModel
from anogen_gui.ui.viewer_keys import add_viewer_keys
from anogen_gui.ui.viewer_window import ViewerWindow


@dataclass
class Viewer:
    """All that lives as long as the window."""

    studio: Studio
    theme_model: ThemeModel
    thumbnails: Thumbnails
    pictures: Pictures
    window: ViewerWindow

    def close(self) -> None:
        """End what runs beside the window, in order: nothing outlives it."""
        self.window.close()
        self.thumbnails.close()
        self.pictures.close()


def build_viewer(application: QApplication, engine: Engine, folder: Path, cache: Path) -> Viewer:
    """The window of viewer mode, not shown yet, on the project in `folder`.

    Args:
        engine: is never started: nothing in the project is changed or run.
        cache: the folder for what can be made again.
    """
    theme_model = ThemeModel(application, Settings().preferences.theme)
    icons = Icons(theme_model)
    studio = Studio(engine)
    thumbnails, pictures = Thumbnails(cache / "thumbnails"), Pictures()
    key_sheet = KeySheet()
    add_viewer_keys(key_sheet)
    page = ViewerPage(theme_model, icons, thumbnails, pictures)
    window = ViewerWindow(studio, folder, icons, page, key_sheet)
    return Viewer(studio, theme_model, thumbnails, pictures, window)
