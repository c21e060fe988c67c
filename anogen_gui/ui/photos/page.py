"""The page Photos: import, look through, say what they are, paint masks."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.importing import ImportRequest
from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.photo_steps import first_without_mask
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.model.wording import count_of
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import open_dialog
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.photos.browser import PhotoBrowser
from anogen_gui.ui.photos.drop_zones import DropZones, ZoneKey
from anogen_gui.ui.photos.editor import PhotoEditor
from anogen_gui.ui.photos.empty_page import EmptyPage
from anogen_gui.ui.photos.import_dialog import ImportDialog
from anogen_gui.ui.photos.photo_actions import PhotoActions
from anogen_gui.ui.photos.problems_dialog import ProblemsDialog
from anogen_gui.ui.photos.sources import PHOTO_FILTER, dragged_files
from anogen_gui.ui.theme import ThemeModel
from engine.project import Role


class PhotosPage(QWidget):
    """The photos of the open project. Files and folders can be dropped anywhere on it.

    Signals:
        page_requested(key): go on to another page.
        noticed(notice): a `Notice` that a person should see.
    """

    page_requested = Signal(str)
    noticed = Signal(object)

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        thumbnails: Thumbnails,
        pictures: Pictures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._project: ProjectModel | None = None
        self.photos: PhotoList | None = None
        self.actions_on_photos = PhotoActions(icons, self)
        self.empty = EmptyPage(icons)
        self.browser = PhotoBrowser(icons, thumbnails, self.actions_on_photos)
        self.editor = PhotoEditor(theme_model, icons, pictures, self.actions_on_photos)
        self._places = QStackedWidget()
        self.zones = DropZones(icons, self)
        self._arrange()
        self._connect()

    def show_project(self, project: ProjectModel | None) -> None:
        """Show the photos of this project; None: there is none, or it is about to close."""
        former, self._project = self.photos, project
        self.photos = PhotoList(project, self) if project is not None else None
        self.actions_on_photos.photos = self.photos
        self.browser.bind(self.photos)
        self.editor.bind(self.photos)
        self.browser.import_bar.bind(project.importing if project is not None else None)
        if self.photos is not None and project is not None:
            self.photos.changed.connect(self._show_place)
            self.photos.warned.connect(lambda text: self.noticed.emit(Notice(text, tone="info")))
            self.photos.removed.connect(self._tell_removed)
            self.photos.failed.connect(self._tell_failure)
            project.importing.changed.connect(self._show_place)
        if former is not None:
            former.deleteLater()
        self._show_place()

    # --- one photo

    def open_photo(self, path: str) -> None:
        """Show a photo large, where its mask can be painted."""
        self._places.setCurrentWidget(self.editor)
        self.setFocusProxy(self.editor.canvas)
        self.editor.open(path)

    def show_item(self, path: str) -> None:
        """Show the photo at this path large."""
        if self.photos is not None and self.photos.photo(path) is not None:
            self.open_photo(path)

    def close_photo(self) -> None:
        """Go back to all photos."""
        path, self.editor.path = self.editor.path, ""
        self._show_place()
        self.browser.go_to(path)

    # --- import

    def ask_for_folder(self) -> None:
        """Ask for a folder, and what is in it; import that."""
        folder = QFileDialog.getExistingDirectory(self, "Import folder")
        if folder:
            self.ask_for_role([Path(folder)])

    def ask_for_files(self, role: Role | None = None) -> None:
        """Ask for photos, and what they are, `role` at first; import them."""
        files, _ = QFileDialog.getOpenFileNames(self, "Import files", "", PHOTO_FILTER)
        if files:
            self.ask_for_role([Path(file) for file in files], role)

    def ask_for_role(self, sources: Sequence[Path], role: Role | None = None) -> None:
        """Ask what these photos are, `role` at first; import them."""
        if self.photos is None:
            return
        names = [anomaly.name for anomaly in self.photos.anomalies()]
        dialog = ImportDialog(self._icons, sources, names, role, self)
        dialog.accepted.connect(lambda: self.start_import(dialog.request))
        open_dialog(dialog)

    def start_import(self, request: ImportRequest) -> None:
        if self._project is not None:
            self._project.importing.start(request)

    def drop(self, sources: Sequence[Path], zone: ZoneKey | None) -> None:
        """Import what was dropped on a zone; beside all of them, ask."""
        if zone == "folders":
            self.start_import(ImportRequest(tuple(sources)))
        elif zone in ("good", "test"):
            self.start_import(ImportRequest(tuple(sources), role=zone))
        else:
            self.ask_for_role(sources, "bad" if zone == "bad" else None)

    def _ask_again(self, request: ImportRequest) -> None:
        self.ask_for_role(request.sources, "good")

    def _show_problems(self) -> None:
        if self._project is not None:
            open_dialog(ProblemsDialog(self._icons, self._project.importing.state.refused, self))

    # --- drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's names from here on
        sources = dragged_files(event.mimeData())
        if sources and self.photos is not None:
            self.zones.open(has_folder=any(source.is_dir() for source in sources))
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        self.zones.hover(event.position().toPoint())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self.zones.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        zone = self.zones.hover(event.position().toPoint())
        self.zones.hide()
        event.acceptProposedAction()
        self.drop(dragged_files(event.mimeData()), zone)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self.zones.setGeometry(self.rect())

    # --- what is shown

    def _show_place(self) -> None:
        """The photo that is open, or all; where there are none, and none are coming, what to drop."""
        if self.photos is not None and self.photos.photo(self.editor.path) is not None:
            return
        state = self._project.importing.state if self._project is not None else None
        self.setFocusProxy(self.browser.grid)
        has_any = self.photos is not None and self.photos.counts.total > 0
        is_told = state is not None and (state.is_running or state.errors or state.refused)
        self._places.setCurrentWidget(self.browser if has_any or is_told else self.empty)

    def _take_step(self, action: str) -> None:
        match action:
            case "import":
                self.ask_for_files("bad")
            case "paint":
                path = first_without_mask(self.photos) if self.photos is not None else None
                if path is not None:
                    self.open_photo(path)
            case "learn":
                self.page_requested.emit("learn")

    def _tell_removed(self, count: int) -> None:
        hint = "The files go when the project is next opened; samples that were made from them stay."
        undo = self._project.history.stack.undo if self._project is not None else None
        self.noticed.emit(Notice(f"{count_of(count, 'photo')} removed.", hint, action="Undo", act=undo))

    def _tell_failure(self, message: str, hint: str) -> None:
        self.noticed.emit(Notice(message, hint, "bad"))

    def _connect(self) -> None:
        for place in (self.empty, self.browser):
            place.folder_requested.connect(self.ask_for_folder)
            place.files_requested.connect(lambda: self.ask_for_files())
        self.browser.step_requested.connect(self._take_step)
        self.browser.photo_opened.connect(self.open_photo)
        self.editor.closed.connect(lambda _: self.close_photo())
        self.browser.import_bar.problems_requested.connect(self._show_problems)
        self.browser.import_bar.role_requested.connect(self._ask_again)

    def _arrange(self) -> None:
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for place in (self.empty, self.browser, self.editor):
            self._places.addWidget(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._places)
