"""The page Place: the photos at the left, the canvas with its tray, and what is done with boxes at the right."""

import base64
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.generating import Generating, Staging
from anogen_gui.model.live import Live
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.scattering import Scatter
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.model.wording import count_of
from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import EmptyState, ScrollPanel, Separator, TextLabel, open_dialog
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.place.box_fields import BoxFields
from anogen_gui.ui.place.class_picker import ClassPicker
from anogen_gui.ui.place.copy_dialog import CopyDialog
from anogen_gui.ui.place.generate_panel import GeneratePanel
from anogen_gui.ui.place.more_banner import MoreBanner
from anogen_gui.ui.place.photo_strip import PhotoStrip
from anogen_gui.ui.place.place_canvas import PlaceCanvas
from anogen_gui.ui.place.scatter_panel import ScatterPanel
from anogen_gui.ui.place.staging_tray import StagingTray
from anogen_gui.ui.place.tool_bar import ToolBar
from anogen_gui.ui.theme import ThemeModel, space
from engine.project import QueuedJob
from engine.protocol import Event, Finished, PreviewReady, SampleWritten

_PANEL_WIDTH = 312
_WIDE = 960


class PlacePage(QWidget):
    """Where the anomaly is to be, and how it looks there.

    Signals:
        page_requested(key): go to another page.
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
        self._icons, self._thumbnails = icons, thumbnails
        self.model: PlaceModel | None = None
        self.live: Live | None = None
        self.staging: Staging | None = None
        self.strip = PhotoStrip(icons, thumbnails)
        self.canvas = BoxCanvas(theme_model, pictures)
        self.canvas_bound = PlaceCanvas(self.canvas, pictures, self)
        self.tool_bar = ToolBar(icons)
        self.banner = MoreBanner(icons)
        self.tray = StagingTray(icons, thumbnails)
        self.classes = ClassPicker(icons)
        self.fields = BoxFields(icons)
        self.scatter = ScatterPanel(icons)
        self.generate = GeneratePanel(icons)
        self._pointer = TextLabel(role="small")
        self._size = TextLabel(role="small")
        self.no_photos = EmptyState(
            icons, "mdi6.vector-square-plus", "No good photos yet",
            "Boxes are placed on photos of good parts. Import some on the page Photos.",
            "Import photos", "mdi6.image-plus-outline",
        )  # fmt: skip
        self._pages = QStackedWidget()
        self._lay_out()
        self._add_keys()
        self._connect()
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Work on this project; None: there is none, or it is about to close."""
        former = (self.model, self.live, self.staging)
        self.model = PlaceModel(project, self) if project is not None else None
        self.live = Live(project, self) if project is not None else None
        self.staging = Staging(project, self) if project is not None else None
        scatter = Scatter(project, self.model) if project is not None else None
        generating = Generating(project, self.model) if project is not None else None
        for part in (self.strip, self.tool_bar, self.classes, self.fields):
            part.bind(self.model)
        self.canvas_bound.bind(self.model, self.live)
        self.scatter.bind(self.model, scatter)
        self.banner.bind(self.model, scatter)
        self.generate.bind(self.model, generating)
        self.tray.bind(self.staging, project)
        if project is not None:
            self._follow(project, scatter, generating)
        for each in former:
            if each is not None:
                each.deleteLater()
        self._show_place()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Beside an open jobs panel there is no room for the list of photos; their keys still work."""
        self.strip.setVisible(self.width() >= _WIDE)
        super().resizeEvent(event)

    def _follow(self, project: ProjectModel, scatter: Scatter | None, generating: Generating | None) -> None:
        assert self.model is not None
        assert self.live is not None
        assert self.staging is not None
        self.model.told.connect(lambda sentence: self.noticed.emit(Notice(sentence)))
        self.model.photos_changed.connect(self._show_place)
        self.model.state_changed.connect(lambda _state: self._show_place())
        self.staging.chosen.connect(self.canvas_bound.show_sample)
        project.queue.event_received.connect(self._take)
        if scatter is not None:
            scatter.placed.connect(self._tell_placed)
        for part in (self.live, scatter, generating):
            if part is not None:
                part.failed.connect(self._tell_failure)

    def _take(self, _row: QueuedJob, event: Event) -> None:
        match event:
            case PreviewReady(photo=photo, box=box, jpeg_base64=text):
                self.canvas_bound.show_drawing(photo, box, base64.b64decode(text))
            case SampleWritten() | Finished():
                self.canvas_bound.clear_drawings()

    def show_item(self, path: str) -> None:
        """Show the good photo at this path."""
        if self.model is not None and path in {photo.path for photo in self.model.photos()}:
            self.model.show_photo(path)

    # --- what a person does

    def _show_coverage(self) -> None:
        from anogen_gui.ui.inspect.coverage_dialog import CoverageDialog  # not before it is asked for

        if self.model is not None:
            project, anomaly = self.model.project, self.model.state.anomaly
            open_dialog(CoverageDialog(self._icons, self._thumbnails, project, anomaly, parent=self))

    def _tell_failure(self, message: str, hint: str = "") -> None:
        self.noticed.emit(Notice(message, hint, "bad"))

    def _tell_placed(self, count: int, photos: int) -> None:
        """Boxes on photos that are not seen: all of them are generated in next."""
        if photos > 1:
            self.generate.scope.set_value("all")
            self.noticed.emit(Notice(f"Placed {count_of(count, 'box')} on {count_of(photos, 'photo')}."))

    def _set_live(self, is_live: bool) -> None:
        self.canvas_bound.set_live(is_live, int(self.generate.seed.value))

    def _put_sample_away(self) -> None:
        """Boxes are worked on: on the photo, and no longer on a sample of it."""
        if self.staging is not None:
            self.staging.choose(0)

    def _copy_boxes(self) -> None:
        if self.model is not None and self.model.boxes():
            open_dialog(CopyDialog(self._icons, self.model, self))

    def _use_digit(self, digit: int) -> None:
        if self.model is not None and self.model.use_digit(digit):
            self.canvas.set_drawing(True)
            self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _label_digit(self, digit: int) -> None:
        if self.model is not None:
            self.model.label_digit(digit)

    def _step_photo(self, step: int) -> None:
        if self.model is not None:
            self.model.step_photo(step)

    def _show_pointer(self, x: float, y: float) -> None:
        self._pointer.setText(f"x {x:.0f}   y {y:.0f}")

    def _show_place(self) -> None:
        photo = self.model.photo if self.model is not None else None
        is_empty = photo is None
        self._size.setText(f"{photo.width} × {photo.height} pixels" if photo is not None else "")
        self._pages.setCurrentWidget(self.no_photos if is_empty else self._body)

    # --- made once

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.tool_bar)
        middle.addWidget(self.banner)
        middle.addWidget(self.canvas, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(space(3), space(1), space(3), space(1))
        foot.addWidget(self._size)
        foot.addStretch()
        foot.addWidget(self._pointer)
        middle.addLayout(foot)
        middle.addWidget(self.tray)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addLayout(middle, 1)
        row.addWidget(self._panel())
        self._pages.addWidget(self._body)
        self._pages.addWidget(self.no_photos)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setFocusProxy(self.canvas)

    def _panel(self) -> ScrollPanel:
        panel = ScrollPanel(_PANEL_WIDTH)
        panel.column.setSpacing(space(3))
        sections = (
            ("Anomaly", self.classes),
            ("Box", self.fields),
            ("Scatter", self.scatter),
            ("Generate", self.generate),
        )
        for title, widget in sections:
            if panel.column.count():
                panel.column.addWidget(Separator())
            panel.column.addWidget(TextLabel(title, "strong"))
            panel.column.addWidget(widget)
        return panel

    def _add_keys(self) -> None:
        add_key(self, "PgUp", lambda: self._step_photo(-1))
        add_key(self, "PgDown", lambda: self._step_photo(1))
        add_key(self, "L", self.tool_bar.live.toggle)
        add_key(self, "B", self.tool_bar.blink.toggle)
        add_key(self, "Ctrl+Return", self.generate.generate)
        for digit in range(10):
            add_key(self, str(digit), partial(self._use_digit, digit))
            add_key(self, f"Alt+{digit}", partial(self._label_digit, digit))

    def _connect(self) -> None:
        self.tool_bar.live_toggled.connect(self._set_live)
        self.tool_bar.blink_toggled.connect(self.canvas.set_blinking)
        self.tool_bar.copy_requested.connect(self._copy_boxes)
        self.tool_bar.fit.clicked.connect(self.canvas.fit)
        self.tool_bar.closer.clicked.connect(lambda: self.canvas.step_zoom(1))
        self.tool_bar.farther.clicked.connect(lambda: self.canvas.step_zoom(-1))
        self.canvas_bound.edited.connect(self._put_sample_away)
        self.canvas.zoom_changed.connect(self.tool_bar.show_zoom)
        self.canvas.pointer_moved.connect(self._show_pointer)
        self.canvas.pointer_left.connect(lambda: self._pointer.setText(""))
        self.canvas.refused.connect(lambda reason: self.noticed.emit(Notice(reason)))
        self.tray.left.connect(self.canvas.setFocus)
        self.strip.left.connect(self.canvas.setFocus)
        self.scatter.coverage_requested.connect(self._show_coverage)
        self.classes.learn_requested.connect(lambda: self.page_requested.emit("learn"))
        self.no_photos.action_requested.connect(lambda: self.page_requested.emit("photos"))
        self.generate.seed.value_changed.connect(
            lambda _value: self._set_live(self.tool_bar.live.isChecked())
        )
