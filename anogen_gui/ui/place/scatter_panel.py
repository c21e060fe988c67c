"""Scatter: boxes at random places on the part, sized and turned as the support photos show, or as is set here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.more_like_this import MissedPlan
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.scattering import Scatter
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, Fold, NumberField, QuietButton, SettingsForm, TextLabel
from anogen_gui.ui.theme import space
from engine.protocol import BoxesProposed, ScatterSettings

_USUAL_COUNT = 5


class ScatterPanel(QWidget):
    """Places a number of boxes on the photo that is shown.

    Signals:
        coverage_requested(): where do boxes and real anomalies lie?
    """

    coverage_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self._scatter: Scatter | None = None
        self.count = NumberField(1, 200, True)
        self.count.set_value(_USUAL_COUNT)
        self.count.setAccessibleName("Number of boxes to scatter")
        self.start = Button("Scatter", icons, "mdi6.scatter-plot-outline")
        self.start.setToolTip("Place boxes at random on the part, apart from each other")
        self.start.clicked.connect(self.scatter)
        self.form: SettingsForm[ScatterSettings] = SettingsForm(ScatterSettings(), icons)
        self.coverage = QuietButton("Coverage", icons, "mdi6.map-marker-radius-outline")
        self.coverage.setToolTip("Where real anomalies of the class lie, and where boxes and samples do")
        self.coverage.clicked.connect(lambda: self.coverage_requested.emit())
        self._range = TextLabel(role="small", wrap=True)
        self._range.hide()
        fold = Fold(icons, "Sizes and angles")
        fold.body.addWidget(TextLabel("Unset: as in the support photos.", "small", wrap=True))
        fold.body.addWidget(self.form)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.count)
        row.addWidget(TextLabel("boxes"))
        row.addStretch()
        row.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addLayout(row)
        column.addWidget(self._range)
        column.addWidget(fold, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.coverage, 0, Qt.AlignmentFlag.AlignLeft)

    def bind(self, model: PlaceModel | None, scatter: Scatter | None) -> None:
        """Scatter on this model's photo; both go when their project does."""
        self._model, self._scatter = model, scatter
        if model is not None and scatter is not None:
            scatter.proposed.connect(self._show_range)
            scatter.busy_changed.connect(self._show_start)
            model.state_changed.connect(self._show_start)
            model.project.more_like_this.changed.connect(self._take_plan)
            self._take_plan(model.project.more_like_this.plan)
        self._range.hide()
        self._show_start()

    def scatter(self) -> None:
        """Place the boxes; of the class that was missed they lie where it was, too."""
        model, scatter = self._model, self._scatter
        if (
            model is not None
            and scatter is not None
            and model.photo is not None
            and model.anomaly is not None
        ):
            plan = model.project.more_like_this.plan
            is_missed = plan is not None and plan.anomaly == model.anomaly.name
            count = int(self.count.value)
            scatter.scatter(
                [model.photo], model.anomaly.name, count, self.form.value(), plan if is_missed else None
            )

    def _show_start(self, _changed: object = None) -> None:
        is_busy = self._scatter is not None and self._scatter.is_busy
        can = self._model is not None and self._model.photo is not None and self._model.anomaly is not None
        self.start.setEnabled(can and not is_busy)
        self.start.setText("Scattering…" if is_busy else "Scatter")

    def _take_plan(self, plan: MissedPlan | None) -> None:
        """Sizes and angles of what was missed; afterwards, those of the support photos again."""
        if plan is not None:
            self.count.set_value(max(1, len(plan.places)))
        self.form.set_value(plan.settings if plan is not None else ScatterSettings())

    def _show_range(self, event: BoxesProposed) -> None:
        self._range.setText(f"Drawn from {range_words(event)}")
        self._range.show()


def range_words(event: BoxesProposed) -> str:
    """“widths of 5 to 12% of the photo’s long side, heights of …, angles of …”."""
    found = event.box_range
    width, height = (f"{100 * low:.0f} to {100 * high:.0f}%" for low, high in (found.width, found.height))
    low, high = found.angle_deg
    angles = "upright" if low == high == 0 else f"turned by {low:.0f} to {high:.0f}°"
    return f"widths of {width} and heights of {height} of the photo's long side, {angles}."
