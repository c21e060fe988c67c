"""The bar above the canvas: photo, zoom, live, blink, and what can be done with boxes of several photos."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, IconButton, QuietButton, TextLabel, with_key
from anogen_gui.ui.theme import space


class ToolBar(QWidget):
    """Buttons for what also has keys.

    Signals:
        live_toggled(is_live), blink_toggled(is_blinking)
        copy_requested(): to further photos.
    """

    live_toggled = Signal(bool)
    blink_toggled = Signal(bool)
    copy_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self.previous = IconButton(icons, "mdi6.chevron-left", with_key("Previous photo", "PgUp"))
        self.next = IconButton(icons, "mdi6.chevron-right", with_key("Next photo", "PgDown"))
        self._name = ElidedLabel("", "strong")
        self.copy_boxes = IconButton(
            icons, "mdi6.content-duplicate", "Copy the chosen boxes, or all of this photo, to further photos"
        )
        self.live = QuietButton("Live", icons, "mdi6.lightning-bolt-outline")
        self.live.setCheckable(True)
        self.live.setToolTip(with_key("Draw the chosen box again whenever it moves", "L"))
        self.blink = QuietButton("Blink", icons, "mdi6.eye-outline")
        self.blink.setCheckable(True)
        self.blink.setToolTip(with_key("Show the photo with and without what was generated, in turn", "B"))
        self.closer = IconButton(icons, "mdi6.magnify-plus-outline", with_key("Zoom in", "Ctrl++"))
        self.farther = IconButton(icons, "mdi6.magnify-minus-outline", with_key("Zoom out", "Ctrl+-"))
        self.fit = IconButton(icons, "mdi6.fit-to-screen-outline", with_key("Fit the photo", "F"))
        self._zoom = TextLabel(role="small")
        self._zoom.setMinimumWidth(44)
        self._lay_out()
        self.live.toggled.connect(self.live_toggled)
        self.blink.toggled.connect(self.blink_toggled)
        self.copy_boxes.clicked.connect(self.copy_requested)
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))

    def bind(self, model: PlaceModel | None) -> None:
        """Show this model's photo; it goes when its project does."""
        self._model = model
        if model is not None:
            model.state_changed.connect(self._show)
            model.boxes_changed.connect(self._show)
        self._show()

    def show_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{100 * zoom:.0f}%")

    def _show(self, _state: object = None) -> None:
        photo = self._model.photo if self._model is not None else None
        self._name.setText(photo.name if photo is not None else "")
        for button in (self.previous, self.next, self.live):
            button.setEnabled(photo is not None)
        self.copy_boxes.setEnabled(bool(self._model is not None and self._model.boxes()))

    def _step(self, step: int) -> None:
        if self._model is not None:
            self._model.step_photo(step)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), space(2), space(3), space(2))
        row.setSpacing(space(1))
        row.addWidget(self.previous)
        row.addWidget(self.next)
        row.addSpacing(space(1))
        row.addWidget(self._name, 1)
        for button in (self.copy_boxes, self.live, self.blink):
            row.addWidget(button)
        row.addSpacing(space(2))
        for widget in (self.farther, self._zoom, self.closer, self.fit):
            row.addWidget(widget)
