"""All photos: filters, the grid, the classes at its side, and what can be done with the selected ones."""

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.photo_list import PhotoFilter, PhotoList
from anogen_gui.model.photo_steps import next_step
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import Button, EmptyState, PrimaryButton, Separator, TextLabel
from anogen_gui.ui.photos.anomalies_panel import AnomaliesPanel
from anogen_gui.ui.photos.filter_bar import FilterBar
from anogen_gui.ui.photos.hint_bar import HintBar
from anogen_gui.ui.photos.import_bar import ImportBar
from anogen_gui.ui.photos.look_bar import LookBar
from anogen_gui.ui.photos.photo_actions import PhotoActions
from anogen_gui.ui.photos.photo_grid import PhotoGrid
from anogen_gui.ui.photos.selection_bar import SelectionBar
from anogen_gui.ui.theme import space

_INSET = space(5) - space(2) - 6  # the pictures stand under the bars: the grid's gap and padding are its own


class PhotoBrowser(QWidget):
    """Shows a `PhotoList`.

    Attributes:
        import_bar: is bound by the page, which also shows it where there is no photo yet.

    Signals:
        folder_requested(), files_requested(): import some.
        photo_opened(path): look at it large.
        step_requested(action): the button of the hint was pressed.
    """

    folder_requested = Signal()
    files_requested = Signal()
    photo_opened = Signal(str)
    step_requested = Signal(str)

    def __init__(
        self, icons: Icons, thumbnails: Thumbnails, actions: PhotoActions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons, self._actions = icons, actions
        self._photos: PhotoList | None = None
        self.folder_button = PrimaryButton("Import folder…", icons, "mdi6.folder-outline")
        self.files_button = Button("Import files…", icons, "mdi6.image-multiple-outline")
        self.hint_bar = HintBar(icons)
        self.import_bar = ImportBar(icons)
        self.look_bar = LookBar(icons)
        self.filter_bar = FilterBar()
        self.grid = PhotoGrid(icons, thumbnails)
        self.no_match = EmptyState(
            icons,
            "mdi6.filter-off-outline",
            "No photo matches the filter",
            "Choose less, or look at all of them again.",
            "Show all photos",
        )
        self.panel = AnomaliesPanel(icons)
        self.selection_bar = SelectionBar(icons)
        self._places = QStackedWidget()
        self._arrange()
        self._add_keys()
        self._connect()

    def bind(self, photos: PhotoList | None) -> None:
        """Show the photos of this list; it goes when its project does."""
        self._photos = photos
        for part in (self.filter_bar, self.grid, self.panel):
            part.bind(photos)
        if photos is not None:
            photos.changed.connect(self._show)
            photos.paths_changed.connect(self._show)
            photos.project.importing.changed.connect(self._show)
        self._show()

    @property
    def selected_paths(self) -> tuple[str, ...]:
        return self.grid.selected_paths

    def go_to(self, path: str) -> None:
        """Select a photo and bring it into sight."""
        self.grid.go_to([path])
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is shown

    def _show(self, _state: object = None) -> None:
        if self._photos is None:
            return
        self.selection_bar.show_counts(self._photos.counts, len(self._photos.paths))
        is_importing = self._photos.project.importing.state.is_running
        self.hint_bar.show_step(next_step(self._photos) if not is_importing else None)
        has_match = bool(self._photos.paths) or self._photos.filter == PhotoFilter()
        self._places.setCurrentWidget(self.grid if has_match else self.no_match)

    def _show_selection(self) -> None:
        self.selection_bar.show_selected(self.grid.selection.count)

    def _open(self, path: object) -> None:
        if isinstance(path, str):
            self.photo_opened.emit(path)

    def _open_selected(self) -> None:
        if len(self.selected_paths) == 1:
            self.photo_opened.emit(self.selected_paths[0])

    def _remove_selected(self) -> None:
        """The keyboard stays in the grid: the button that was pressed goes with the selection."""
        self._actions.remove(self.selected_paths)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        if len(self.selected_paths) == 1:
            icon = self._icons.icon("mdi6.arrow-expand")
            menu.addAction(icon, "Open\tReturn", self._open_selected)
            menu.addSeparator()
        self._actions.open_menu(self.selected_paths, position, menu)

    # --- made once

    def _connect(self) -> None:
        self.folder_button.clicked.connect(self.folder_requested)
        self.files_button.clicked.connect(self.files_requested)
        self.hint_bar.action_requested.connect(self.step_requested)
        self.import_bar.appeared.connect(lambda _: self._show())
        self.no_match.action_requested.connect(self.filter_bar.clear)
        self.look_bar.side_chosen.connect(self.grid.set_side)
        self.look_bar.masks_toggled.connect(self.grid.show_masks)
        self.look_bar.show_side(self.grid.side)
        self.grid.side_changed.connect(self.look_bar.show_side)
        self.grid.selection_changed.connect(self._show_selection)
        self.grid.activated.connect(self._open)
        self.grid.menu_requested.connect(self._open_menu)
        self.panel.anomaly_chosen.connect(self.filter_bar.show_anomaly)
        bar = self.selection_bar
        bar.good_requested.connect(lambda: self._actions.mark(self.selected_paths, "good"))
        bar.test_requested.connect(lambda: self._actions.mark(self.selected_paths, "test"))
        bar.bad_requested.connect(lambda at: self._actions.open_class_menu(self.selected_paths, at))
        bar.support_requested.connect(lambda: self._actions.toggle_supports(self.selected_paths))
        bar.open_requested.connect(self._open_selected)
        bar.remove_requested.connect(self._remove_selected)

    def _add_keys(self) -> None:
        bar = self.selection_bar
        add_key(self, "G", lambda: self._actions.mark(self.selected_paths, "good"))
        add_key(self, "T", lambda: self._actions.mark(self.selected_paths, "test"))
        add_key(self, "B", lambda: self._actions.open_class_menu(self.selected_paths, bar.menu_position))
        add_key(self, "S", lambda: self._actions.toggle_supports(self.selected_paths))
        add_key(self, "Del", self._remove_selected)
        add_key(self, "M", self.look_bar.masks.toggle)
        add_key(self, "Ctrl+F", lambda: self.filter_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason))
        for digit in range(10):
            add_key(self, str(digit), partial(self._label, digit))

    def _label(self, digit: int) -> None:
        self._actions.label(self.selected_paths, digit)

    def _arrange(self) -> None:
        for place in (self.grid, self.no_match):
            self._places.addWidget(place)
        header = QHBoxLayout()
        header.setSpacing(space(3))
        header.addWidget(TextLabel("Photos", "heading"))
        header.addStretch(1)
        header.addWidget(self.look_bar)
        header.addWidget(self.files_button)
        header.addWidget(self.folder_button)
        top = QVBoxLayout()
        top.setContentsMargins(space(5), space(4), space(5), 0)
        top.setSpacing(space(3))
        top.addLayout(header)
        for bar in (self.import_bar, self.hint_bar, self.filter_bar):
            top.addWidget(bar)
        left = QVBoxLayout()
        left.setSpacing(space(2))
        left.addLayout(top)
        left.addWidget(self._inset(self._places), 1)
        left.addWidget(Separator())
        left.addWidget(self.selection_bar)
        left.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(Separator(Qt.Orientation.Vertical))
        row.addWidget(self.panel)

    def _inset(self, widget: QWidget) -> QWidget:
        """The grid has a gap of its own around its cells: with it they stand under the bars."""
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(_INSET, space(1), 0, 0)
        row.addWidget(widget)
        return frame
