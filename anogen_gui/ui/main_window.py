"""The window: rail, pages, jobs panel, status line and menus, bound to the studio."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from anogen_gui.model.demo import Demo
from anogen_gui.model.studio import Studio
from anogen_gui.settings import Preferences, Settings
from anogen_gui.ui.about_dialog import AboutDialog
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.job_notices import JobNotices
from anogen_gui.ui.jobs_panel import JobsPanel
from anogen_gui.ui.jobs_place import JobsPlace
from anogen_gui.ui.key_sheet import KeySheet, KeySheetOverlay
from anogen_gui.ui.kit import open_dialog
from anogen_gui.ui.logo import application_icon
from anogen_gui.ui.menu_bar import MenuBar
from anogen_gui.ui.notices import Notice, Notices
from anogen_gui.ui.pages import PageSpec, PageStack
from anogen_gui.ui.project_chooser import ProjectChooser
from anogen_gui.ui.rail import Rail
from anogen_gui.ui.settings_dialog import SettingsDialog
from anogen_gui.ui.status_line import StatusLine
from anogen_gui.ui.theme import ThemeModel
from anogen_gui.ui.welcome import WelcomePage
from anogen_gui.ui.window_keys import add_window_keys
from anogen_gui.ui.window_layout import WindowLayout
from engine.version import NAME

if TYPE_CHECKING:
    from anogen_gui.model.project_model import ProjectModel


class MainWindow(QMainWindow):
    """The shell around the pages.

    Args:
        demo_folder: where the demo project is, or is to be made.
        backbones: names to choose from in the settings.

    Attributes:
        notices: what pages tell a person with.
        stack, rail, jobs_panel, status_line, menus, welcome: its parts.
    """

    def __init__(
        self,
        studio: Studio,
        demo: Demo,
        demo_folder: Path,
        settings: Settings,
        theme_model: ThemeModel,
        icons: Icons,
        specs: Sequence[PageSpec],
        key_sheet: KeySheet,
        backbones: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._studio, self._demo, self._demo_folder = studio, demo, demo_folder
        self._settings, self._theme_model, self._icons = settings, theme_model, icons
        self._key_sheet, self._backbones = key_sheet, backbones
        self.welcome = WelcomePage(icons)
        self.stack = PageStack(specs, self.welcome)
        self.rail = Rail(specs, icons)
        self.jobs_panel = JobsPanel(icons)
        self.status_line = StatusLine(icons)
        self.menus = MenuBar(specs, studio.undo_group, icons)
        self._arrange()
        self._chooser = ProjectChooser(studio, settings, icons, self)
        self._layout = WindowLayout(self, self._jobs_place.splitter, self.menus.jobs_panel, settings)
        self.notices = Notices(icons, self._jobs_place, self._jobs_place.page_room)
        self._job_notices = JobNotices(self.notices, lambda: self.menus.jobs_panel.setChecked(True), self)
        self._bind_studio()
        self._bind_settings()
        self._bind_menus()
        self._bind_parts()
        self._show_no_project()
        self._layout.restore()
        add_window_keys(key_sheet, specs)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self._layout.save()
        self._settings.save()
        self._studio.close()
        event.accept()

    # --- the project

    def open_project(self, folder: Path) -> bool:
        """Open a project; what goes wrong is told in a notice."""
        return self._studio.open_project(folder)

    def open_demo(self) -> None:
        """Open the demo project, after making it at the first time."""
        self._demo.open(self._demo_folder)

    def _show_project(self, project: "ProjectModel") -> None:
        self.setWindowTitle(f"{project.name} – {NAME}")
        self.notices.clear()  # they were about another one, or why this one could not be opened
        self._settings.add_recent_project(project.folder)
        self.status_line.show_project(project.name, str(project.folder))
        self.rail.show()
        self.menus.show_project(True)
        self._show_jobs_panel(self.menus.jobs_panel.isChecked())
        self.jobs_panel.show_queue(project.queue)
        self._job_notices.watch(project.queue)
        project.queue.jobs_changed.connect(self._show_queue)
        project.queue.job_progressed.connect(self._show_queue)
        self._show_queue()
        self.stack.show_project(project)

    def _offer_to_mend(self, folder: Path, message: str) -> None:
        hint = (
            "It can be made anew from its backup and the files of the project; the damaged one is kept aside."
        )
        mend = partial(self._studio.rebuild_project, folder)
        self.notices.show_notice(Notice(message, hint, "bad", "Mend the project", mend))

    def _show_no_project(self) -> None:
        self.setWindowTitle(NAME)
        self.status_line.show_project("")
        self.status_line.show_jobs((), False)
        self.jobs_panel.show_queue(None)
        self._job_notices.watch(None)
        self.rail.hide()
        self.jobs_panel.hide()
        self.menus.show_project(False)
        self.welcome.demo.show_ready()
        self.stack.show_project(None)

    def _show_queue(self) -> None:
        project = self._studio.project
        if project is not None:
            self.status_line.show_jobs(project.queue.jobs(), project.queue.is_paused)

    # --- bindings

    def _bind_studio(self) -> None:
        studio, engine = self._studio, self._studio.engine
        studio.project_opened.connect(self._show_project)
        studio.project_closing.connect(self._show_no_project)
        studio.failed.connect(self.notices.show_error)
        studio.damaged.connect(self._offer_to_mend)
        engine.state_changed.connect(self.status_line.show_engine)
        engine.engine_described.connect(self.status_line.show_device)
        self._demo.progressed.connect(self.welcome.show_demo_progress)
        self._demo.failed.connect(self.notices.show_error)
        self._demo.failed.connect(self.welcome.demo.show_ready)

    def _bind_settings(self) -> None:
        settings = self._settings
        settings.preferences_changed.connect(self._show_preferences)
        settings.recent_projects_changed.connect(self._show_recent)
        settings.layout_reset.connect(self._layout.restore)
        self._show_preferences(settings.preferences)
        self._show_recent()

    def _bind_menus(self) -> None:
        menus = self.menus
        menus.new_requested.connect(self._chooser.ask_for_new)
        menus.open_requested.connect(self._chooser.ask_for_existing)
        menus.demo_requested.connect(self.open_demo)
        menus.recent_chosen.connect(self.open_project)
        menus.close_requested.connect(self._studio.close_project)
        menus.quit_requested.connect(self.close)
        menus.page_chosen.connect(self.stack.show_page)
        menus.theme_chosen.connect(lambda choice: self._settings.change(theme=choice))
        menus.jobs_panel.toggled.connect(self._show_jobs_panel)
        menus.full_screen_toggled.connect(self._show_full_screen)
        menus.keys_requested.connect(self.show_keys)
        menus.settings_requested.connect(self.show_settings)
        menus.about_requested.connect(lambda: open_dialog(AboutDialog(self._icons, self)))

    def _bind_parts(self) -> None:
        self._jobs_place.page_room_changed.connect(self.notices.place)
        self.rail.page_chosen.connect(self.stack.show_page)
        self.stack.page_shown.connect(self.rail.show_page)
        self.stack.page_shown.connect(self.menus.show_page)
        self.jobs_panel.close_requested.connect(lambda: self.menus.jobs_panel.setChecked(False))
        self.status_line.jobs_clicked.connect(self.menus.jobs_panel.toggle)
        self.welcome.new_requested.connect(self._chooser.ask_for_new)
        self.welcome.open_requested.connect(self._chooser.ask_for_existing)
        self.welcome.demo_requested.connect(self.open_demo)
        self.welcome.recent_chosen.connect(self.open_project)
        self.welcome.recent_removed.connect(self._settings.remove_recent_project)
        self.rail.show_page(self.stack.key)
        self.menus.show_page(self.stack.key)

    # --- what is shown

    def show_keys(self) -> None:
        """Show the key sheet, the keys of the current page first."""
        KeySheetOverlay(self._key_sheet, self.stack.key, self._icons, self)

    def show_settings(self) -> None:
        """Open the settings."""
        open_dialog(SettingsDialog(self._settings, self._icons, self._backbones, self))

    def _show_preferences(self, preferences: Preferences) -> None:
        self._theme_model.choice = preferences.theme
        self.menus.show_theme(preferences.theme)
        self.status_line.show_backbone(preferences.backbone)

    def _show_recent(self) -> None:
        self.welcome.show_recent(self._settings.recent_projects)
        self.menus.show_recent(self._settings.recent_projects)

    def _show_jobs_panel(self, is_open: bool) -> None:
        self.jobs_panel.setVisible(is_open and self._studio.project is not None)

    def _show_full_screen(self, is_full: bool) -> None:
        wanted = self.windowState() & ~Qt.WindowState.WindowFullScreen
        self.setWindowState(wanted | Qt.WindowState.WindowFullScreen if is_full else wanted)

    def _arrange(self) -> None:
        self.setWindowIcon(application_icon())
        self.setMenuBar(self.menus)
        self._jobs_place = JobsPlace(self.stack, self.jobs_panel)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self._jobs_place, 1)
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(center)
        self.setMinimumSize(960, 600)
