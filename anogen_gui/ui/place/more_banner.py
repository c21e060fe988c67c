"""The banner above the canvas while boxes are placed like what was missed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.more_like_this import MissedPlan
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.scattering import Scatter
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Button, IconButton, NumberField, TextLabel
from anogen_gui.ui.palettes import Theme
from anogen_gui.ui.theme import space

_USUAL_PHOTOS = 8


class MoreBanner(QFrame):
    """Says what boxes are made for, and scatters one on each of several photos; hidden without a plan."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self._scatter: Scatter | None = None
        self.title = TextLabel(role="strong")
        self.explanation = TextLabel(role="dim", wrap=True)
        self.count = NumberField(1, 200, True)
        self.count.setAccessibleName("On how many photos to place a box")
        self.count.setFixedWidth(56)
        self.start = Button("Place boxes", icons, "mdi6.scatter-plot-outline")
        self.start.setToolTip("Place one box on this photo and on those after it")
        self.close_button = IconButton(icons, "mdi6.close", "Place boxes for no missed photo any more")
        self._lay_out(icons)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        icons.theme_changed.connect(self._paint)
        self._paint(icons.theme)
        self.start.clicked.connect(self.scatter)
        self.close_button.clicked.connect(self._dismiss)
        self.hide()

    def bind(self, model: PlaceModel | None, scatter: Scatter | None) -> None:
        """Follow the plan of this model's project; both go when it does."""
        self._model, self._scatter = model, scatter
        if model is not None and scatter is not None:
            model.project.more_like_this.changed.connect(self._show_plan)
            model.state_changed.connect(self._show_start)
            scatter.busy_changed.connect(self._show_start)
        self._show_plan(self._plan)

    def scatter(self) -> None:
        """Place a box on each of the photos, near the places of what was missed, in turn."""
        plan, model = self._plan, self._model
        if plan is not None and model is not None and self._scatter is not None:
            photos = model.photos_from_here(int(self.count.value))
            self._scatter.scatter(photos, plan.anomaly, 1, plan.settings, plan)

    @property
    def _plan(self) -> MissedPlan | None:
        return self._model.project.more_like_this.plan if self._model is not None else None

    def _dismiss(self) -> None:
        if self._model is not None:
            self._model.project.more_like_this.dismiss()

    def _show_plan(self, plan: MissedPlan | None) -> None:
        self.setVisible(plan is not None)
        if plan is not None and self._model is not None:
            self.title.setText(plan.title)
            self.explanation.setText(plan.explanation)
            self.setAccessibleName(f"{plan.title}. {plan.explanation}")
            self.count.set_value(max(1, min(_USUAL_PHOTOS, len(self._model.photos()))))
            self._show_start()

    def _show_start(self, _changed: object = None) -> None:
        is_busy = self._scatter is not None and self._scatter.is_busy
        self.start.setEnabled(not is_busy and self._model is not None and self._model.photo is not None)
        self.start.setText("Placing…" if is_busy else "Place boxes")

    def _lay_out(self, icons: Icons) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(space(1))
        texts.addWidget(self.title)
        texts.addWidget(self.explanation)
        order = QHBoxLayout()
        order.setSpacing(space(2))
        order.addWidget(TextLabel("One box on each of"))
        order.addWidget(self.count)
        order.addWidget(TextLabel("photos"))
        order.addWidget(self.start)
        order.addStretch()
        texts.addSpacing(space(1))
        texts.addLayout(order)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), space(2), space(2), space(2))
        row.setSpacing(space(2))
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(IconLabel(icons, "mdi6.target", "accent"), 0, top)
        row.addLayout(texts, 1)
        row.addWidget(self.close_button, 0, top)

    def _paint(self, theme: Theme) -> None:
        self.setStyleSheet(f"MoreBanner {{ background: {theme.accent_soft}; }}")
