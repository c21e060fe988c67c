"""The menus: everything that is not of one page, with its key."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.pages import PageSpec

_THEMES = (("system", "Like the system"), ("light", "Light"), ("dark", "Dark"))
Key = QKeySequence.StandardKey


class MenuBar(QMenuBar):
    """File, Edit, View, Help; it asks, and others do.

    Attributes:
        jobs_panel: the checkable action that shows and hides the panel.

    Signals:
        recent_chosen(folder): Path
        page_chosen(key), theme_chosen(choice)
        the others say their name.
    """

    new_requested = Signal()
    open_requested = Signal()
    demo_requested = Signal()
    close_requested = Signal()
    quit_requested = Signal()
    recent_chosen = Signal(Path)
    page_chosen = Signal(str)
    theme_chosen = Signal(str)
    full_screen_toggled = Signal(bool)
    keys_requested = Signal()
    settings_requested = Signal()
    about_requested = Signal()

    def __init__(
        self, specs: Sequence[PageSpec], undo_group: QUndoGroup, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._needs_project: list[QAction] = []
        self._themes: dict[str, QAction] = {}
        self._pages: dict[str, QAction] = {}
        self._fill_file(self.addMenu("&File"))
        self._fill_edit(self.addMenu("&Edit"), undo_group)
        self._fill_view(self.addMenu("&View"), specs)
        self._fill_help(self.addMenu("&Help"))
        self.show_project(False)
        self.show_recent(())

    def show_project(self, is_open: bool) -> None:
        """Offer what needs a project only where there is one."""
        for action in self._needs_project:
            action.setEnabled(is_open)

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Offer the projects that were open last."""
        self._recent.clear()
        for folder in folders:
            action = self._recent.addAction(str(folder))
            action.triggered.connect(lambda _checked, folder=folder: self.recent_chosen.emit(folder))
        self._recent.setEnabled(bool(folders))

    def show_page(self, key: str) -> None:
        self._pages[key].setChecked(True)

    def show_theme(self, choice: str) -> None:
        self._themes[choice].setChecked(True)

    def _fill_file(self, menu: QMenu) -> None:
        self._add(menu, "New project…", self.new_requested, Key.New, "mdi6.folder-plus-outline")
        self._add(menu, "Open project…", self.open_requested, Key.Open, "mdi6.folder-open-outline")
        self._recent = menu.addMenu("Open recent")
        self._recent.setIcon(self._icons.icon("mdi6.history"))
        self._add(menu, "Demo project", self.demo_requested, "", "mdi6.flask-outline")
        menu.addSeparator()
        close = self._add(menu, "Close project", self.close_requested, "Ctrl+W", "mdi6.close")
        self._needs_project.append(close)
        self._add(menu, "Quit", self.quit_requested, "Ctrl+Q", "mdi6.exit-to-app")

    def _fill_edit(self, menu: QMenu, undo_group: QUndoGroup) -> None:
        undo = undo_group.createUndoAction(self, "Undo")
        redo = undo_group.createRedoAction(self, "Redo")
        undo.setShortcuts(Key.Undo)
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._icons.bind(undo, "mdi6.undo")
        self._icons.bind(redo, "mdi6.redo")
        menu.addActions([undo, redo])

    def _fill_view(self, menu: QMenu, specs: Sequence[PageSpec]) -> None:
        group = QActionGroup(self)
        for number, spec in enumerate(specs, start=1):
            action = self._add(menu, spec.title, None, f"Ctrl+{number}")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, key=spec.key: self.page_chosen.emit(key))
            group.addAction(action)
            self._pages[spec.key] = action
            self._needs_project.append(action)
        menu.addSeparator()
        self.jobs_panel = self._add(menu, "Jobs panel", None, "Ctrl+J")
        self.jobs_panel.setCheckable(True)
        self._needs_project.append(self.jobs_panel)
        themes = menu.addMenu("Theme")
        group = QActionGroup(self)
        for choice, text in _THEMES:
            action = self._add(themes, text, None)
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, choice=choice: self.theme_chosen.emit(choice))
            group.addAction(action)
            self._themes[choice] = action
        full_screen = self._add(menu, "Full screen", None, Key.FullScreen)
        full_screen.setCheckable(True)
        full_screen.toggled.connect(self.full_screen_toggled)

    def _fill_help(self, menu: QMenu) -> None:
        self._add(menu, "Keys", self.keys_requested, "?", "mdi6.keyboard-outline")
        self._add(menu, "Settings…", self.settings_requested, "Ctrl+,", "mdi6.cog-outline")
        about = self._add(menu, "About AnoGen Studio", self.about_requested, "", "mdi6.information-outline")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(
        self, menu: QMenu, text: str, signal: object, key: str | QKeySequence.StandardKey = "", icon: str = ""
    ) -> QAction:
        action = menu.addAction(text)
        if key:
            action.setShortcut(QKeySequence(key))
        if icon:
            self._icons.bind(action, icon)
        if signal is not None:
            action.triggered.connect(lambda: signal.emit())  # type: ignore[attr-defined]
        return action
