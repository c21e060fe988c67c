"""One photo, large: look at it, say what it is, and paint its mask."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.ui.canvas.mask_canvas import MaskCanvas
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import ScrollPanel, Separator, TextLabel
from anogen_gui.ui.photos.editor_header import EditorHeader
from anogen_gui.ui.photos.mask_on_canvas import MaskOnCanvas
from anogen_gui.ui.photos.mask_panel import MaskPanel
from anogen_gui.ui.photos.mask_tools_strip import MaskToolsStrip
from anogen_gui.ui.photos.photo_actions import PhotoActions
from anogen_gui.ui.photos.photo_panel import PhotoPanel
from anogen_gui.ui.theme import ThemeModel, space
from engine.project import Photo

_PANEL_WIDTH = 300
_MASK_SUFFIXES = "*.png *.bmp *.tif *.tiff *.jpg *.jpeg"


class PhotoEditor(QWidget):
    """Shows one photo of a `PhotoList`; every stroke on its mask is a step of the project's history.

    Signals:
        closed(path): go back to all photos; this one was shown last.
    """

    closed = Signal(str)

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        pictures: Pictures,
        actions: PhotoActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._photos: PhotoList | None = None
        self.path = ""
        self.header = EditorHeader(icons)
        self.tools = MaskToolsStrip(icons)
        self.canvas = MaskCanvas(theme_model, pictures)
        self._mask = MaskOnCanvas(self.canvas, self)
        self.photo_panel = PhotoPanel(icons)
        self.mask_panel = MaskPanel(icons)
        self._arrange()
        self._add_keys()
        self._connect()

    def bind(self, photos: PhotoList | None) -> None:
        """Show photos of this list; it goes when its project does."""
        self._photos = photos
        self.path = ""
        self._mask.bind(photos)
        self.mask_panel.bind(photos.project.history.stack if photos is not None else None)
        if photos is not None:
            photos.changed.connect(self._show_facts)
            photos.paths_changed.connect(self._show_facts)

    def open(self, path: str) -> None:
        """Show this photo, as soon as it and its mask are read."""
        if self._photos is None:
            return
        self.path = path
        self._show_facts()
        self._mask.open(path)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, step: int) -> None:
        """Show the next photo (1) or the one before (-1), where there is one."""
        neighbor = self._photos.neighbor(self.path, step) if self._photos is not None else None
        if neighbor is not None:
            self.open(neighbor)

    def import_mask(self, file: Path) -> None:
        """Take the mask from a file; one of another size is refused in a sentence that names both files."""
        self._mask.take_file(file)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit(self.path)
        else:
            super().keyPressEvent(event)

    def _ask_for_mask(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self, "Import mask", "", f"Masks ({_MASK_SUFFIXES});;All files (*)"
        )
        if file:
            self.import_mask(Path(file))

    # --- what the photo is

    @property
    def _photo(self) -> Photo | None:
        return self._photos.photo(self.path) if self._photos is not None else None

    def _show_facts(self) -> None:
        photo = self._photo
        if self._photos is None or photo is None:
            return
        place = self._photos.paths.index(self.path) + 1 if self.path in self._photos.paths else None
        self.header.show_photo(photo.name, place, len(self._photos.paths))
        self.photo_panel.show_photo(photo, self._photos)
        self.mask_panel.show_mask(bool(photo.mask), bool(photo.anomaly))
        self.tools.setEnabled(bool(photo.anomaly))
        anomaly = self._photos.project.anomalies.get(photo.anomaly)
        self.canvas.set_color(anomaly.color if anomaly is not None else "")

    def _choose_role(self, role: str) -> None:
        photo = self._photo
        if photo is None:
            return
        if role == "bad" and not photo.anomaly:
            self._actions.open_class_menu([self.path], self.photo_panel.roles.mapToGlobal(QPoint(0, 0)))
        elif role == "bad":
            self._actions.mark_bad([self.path], photo.anomaly)
        elif role in ("good", "test"):
            self._actions.mark([self.path], "good" if role == "good" else "test")
        self._show_facts()

    def _choose_anomaly(self, name: str) -> None:
        photo = self._photo
        if photo is None or self._photos is None:
            return
        if name:
            self._photos.project.photos.set_anomaly([self.path], name)
        else:
            self._photos.project.photos.set_role([self.path], photo.role, "")
        self._show_facts()

    def _toggle_support(self) -> None:
        self._actions.toggle_supports([self.path])
        self._show_facts()

    # --- made once

    def _connect(self) -> None:
        canvas, header, masks = self.canvas, self.header, self.mask_panel
        header.back_requested.connect(lambda: self.closed.emit(self.path))
        header.step_requested.connect(self.step)
        header.fit_requested.connect(canvas.fit)
        header.actual_size_requested.connect(lambda: canvas.zoom_to(1.0))
        canvas.zoom_changed.connect(header.show_zoom)
        canvas.tool_changed.connect(self.tools.show_tool)
        canvas.brush_changed.connect(masks.show_brush)
        self.tools.tool_chosen.connect(canvas.set_tool)
        self.tools.show_tool(canvas.tool)
        masks.brush_chosen.connect(canvas.set_brush_width)
        masks.opacity_chosen.connect(canvas.set_opacity)
        masks.import_requested.connect(self._ask_for_mask)
        masks.invert_requested.connect(canvas.invert)
        masks.clear_requested.connect(canvas.clear)
        masks.show_brush(canvas.brush_width)
        masks.opacity.set_value(canvas.opacity)
        self.photo_panel.role_chosen.connect(self._choose_role)
        self.photo_panel.anomaly_chosen.connect(self._choose_anomaly)
        self.photo_panel.support_toggled.connect(lambda _: self._toggle_support())

    def _add_keys(self) -> None:
        add_key(self, "PgUp", lambda: self.step(-1))
        add_key(self, "PgDown", lambda: self.step(1))
        add_key(self, "G", lambda: self._actions.mark([self.path], "good"))
        add_key(self, "T", lambda: self._actions.mark([self.path], "test"))
        add_key(self, "S", self._toggle_support)
        for digit in range(10):
            add_key(self, str(digit), partial(self._label, digit))

    def _label(self, digit: int) -> None:
        self._actions.label([self.path], digit)

    def _arrange(self) -> None:
        panel = ScrollPanel(_PANEL_WIDTH)
        panel.column.setSpacing(space(3))
        for widget in (TextLabel("This photo", "title"), self.photo_panel, Separator(), self.mask_panel):
            panel.column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.tools)
        row.addWidget(self.canvas, 1)
        row.addWidget(Separator(Qt.Orientation.Vertical))
        row.addWidget(panel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(Separator())
        whole.addLayout(row, 1)
