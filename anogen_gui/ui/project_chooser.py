"""Asks which project to open, or where to make a new one."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from anogen_gui.model.studio import Studio
from anogen_gui.settings import Settings
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import open_dialog
from anogen_gui.ui.new_project_dialog import NewProjectDialog


class ProjectChooser(QObject):
    """Opens dialogs over `window`; what a person chooses there is opened in the studio."""

    def __init__(self, studio: Studio, settings: Settings, icons: Icons, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._settings, self._icons, self._window = studio, settings, icons, window

    def ask_for_new(self) -> NewProjectDialog:
        """Ask for name and place, and make the project there."""
        dialog = NewProjectDialog(self._icons, self._usual_place(), self._window)
        dialog.accepted.connect(lambda: self._studio.new_project(dialog.folder))
        open_dialog(dialog)
        return dialog

    def ask_for_existing(self) -> None:
        """Ask for the folder of a project, and open it."""
        folder = QFileDialog.getExistingDirectory(self._window, "Open project", str(self._usual_place()))
        if folder:
            self._studio.open_project(Path(folder))

    def _usual_place(self) -> Path:
        """Where the last project lies, or the documents."""
        for folder in self._settings.recent_projects:
            if folder.parent.is_dir():
                return folder.parent
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(documents) or Path.home())
