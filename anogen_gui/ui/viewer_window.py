"""The window of those who only look: what detectors found in one project, and nothing that could be changed."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.studio import Studio
from anogen_gui.model.wording import in_window
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.viewer_page import ViewerPage
from anogen_gui.ui.key_sheet import KeySheet, KeySheetOverlay
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import Button, EmptyState, TextLabel, with_key
from anogen_gui.ui.logo import application_icon
from anogen_gui.ui.notices import Notices
from anogen_gui.ui.theme import space
from engine.version import NAME

_FIRST_SIZE = (1100, 720)


class ViewerWindow(QMainWindow):
    """Shows one project on one page; F5 reads it anew, F11 is full screen, ? shows the keys.

    Args:
        folder: of the project; it is read at the first `refresh`.
    """

    def __init__(
        self, studio: Studio, folder: Path, icons: Icons, page: ViewerPage, key_sheet: KeySheet
    ) -> None:
        super().__init__()
        self._studio, self._folder = studio, folder
        self._icons, self._key_sheet = icons, key_sheet
        self.page = page
        self.problem = EmptyState(icons, "mdi6.folder-alert-outline", "", "", "Try again", "mdi6.refresh")
        self._title = TextLabel("", "heading")
        self.refresh_button = Button("Refresh", icons, "mdi6.refresh", with_key("Look for new results", "F5"))
        self.full_screen = Button("Full screen", icons, "mdi6.fullscreen", with_key("Full screen", "F11"))
        self.keys_button = Button("Keys", icons, "mdi6.keyboard-outline", with_key("Show the keys", "?"))
        self._places = QStackedWidget()
        self._lay_out()
        self.notices = Notices(icons, self._places)
        self._connect()
        add_key(self, "F5", self.refresh)
        add_key(self, "F11", self.toggle_full_screen)
        add_key(self, "?", self.show_keys)
        add_key(self, "Ctrl+Q", self.close)
        self.setWindowTitle(NAME)
        self.setWindowIcon(application_icon())
        self.resize(*_FIRST_SIZE)

    def refresh(self) -> None:
        """Read the project as it is now."""
        self._studio.close_project()
        self._studio.view_project(self._folder)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._show_full_screen()

    def show_keys(self) -> None:
        """Show the key sheet."""
        KeySheetOverlay(self._key_sheet, "", self._icons, self)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self._studio.close()
        event.accept()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(space(4), space(3), space(4), space(3))
        head.setSpacing(space(2))
        head.addWidget(self._title)
        head.addStretch()
        for button in (self.refresh_button, self.full_screen, self.keys_button):
            head.addWidget(button)
        self._places.addWidget(self.page)
        self._places.addWidget(self.problem)
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._places, 1)
        self.setCentralWidget(center)

    def _connect(self) -> None:
        studio = self._studio
        studio.project_opened.connect(self._show_project)
        studio.project_closing.connect(lambda: self.page.show_project(None))
        studio.failed.connect(self._tell)
        studio.damaged.connect(
            lambda _folder, message: self._tell(
                message, "Open it in the studio once, which offers to mend it."
            )
        )
        self.problem.action_requested.connect(self.refresh)
        self.refresh_button.clicked.connect(self.refresh)
        self.full_screen.clicked.connect(self.toggle_full_screen)
        self.keys_button.clicked.connect(self.show_keys)

    def _show_project(self, project: ProjectModel) -> None:
        self.setWindowTitle(f"{project.name} – {NAME}")
        self._title.setText(project.name)
        self.notices.clear()
        self.page.show_project(project)
        self._places.setCurrentWidget(self.page)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, message: str, hint: str) -> None:
        if self._studio.project is not None:
            self.notices.show_error(message, hint)
            return
        self.problem.show_texts(message, in_window(hint), "Try again")
        self._places.setCurrentWidget(self.problem)
        self.problem.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_full_screen(self) -> None:
        is_full = bool(self.windowState() & Qt.WindowState.WindowFullScreen)
        self.full_screen.setText("Window" if is_full else "Full screen")
