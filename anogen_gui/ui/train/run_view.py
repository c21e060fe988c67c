"""The training that is looked at: how it goes or went, its losses, and its heatmaps over the steps."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.model.learning_course import StripColumn
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.model.training_state import Looked
from anogen_gui.ui.course.notice import Notice, tell_of_course
from anogen_gui.ui.course.progress_view import ProgressView
from anogen_gui.ui.course.sample_strip import SampleStrip, StripLook
from anogen_gui.ui.course.words import ending_words
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import (
    Badge,
    Button,
    Card,
    ElidedLabel,
    SectionLabel,
    SegmentedControl,
    SwitchField,
    TextLabel,
    with_key,
)
from anogen_gui.ui.palettes import space
from anogen_gui.ui.train.loss_chart import LossChart
from anogen_gui.ui.train.words import settings_words, state_words

_KEEP_TIP = "End after this step, and keep the detector as it is."
_CANCEL_TIP = "End after this step, without a detector. It can go on later from the last checkpoint."
_MOST_SHOWN = 4  # photos in a column of heatmaps
_LEAST_CHART = 130


class RunView(Card):
    """One training.

    Signals:
        go_on_requested(), inspect_requested()
    """

    go_on_requested = Signal()
    inspect_requested = Signal()

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name = ElidedLabel(role="title")
        self._badge = Badge(icons, "")
        self.go_on = Button("Go on", icons, "mdi6.play", with_key("Go on from the last checkpoint", "G"))
        self.inspect = Button(
            "Inspect", icons, "mdi6.magnify-scan", with_key("Look at photos with this detector", "I")
        )
        self.progress = ProgressView(icons, _KEEP_TIP, _CANCEL_TIP)
        self._facts = ElidedLabel(role="dim")
        self.problem, self.warnings = Notice(icons), Notice(icons)
        self.scale = SegmentedControl([(False, "Linear"), (True, "Log")], name="Loss axis")
        self.smoothing = SwitchField("Smooth", True)
        self._best = TextLabel(role="small")
        self.chart = LossChart(icons)
        self.strip = SampleStrip(icons, thumbnails, HEATMAPS)
        self._strip_part = QWidget()
        self._lay_out()
        self.scale.value_changed.connect(self.chart.show_log)
        self.smoothing.value_changed.connect(self.chart.show_smooth)
        self.go_on.clicked.connect(lambda: self.go_on_requested.emit())
        self.inspect.clicked.connect(lambda: self.inspect_requested.emit())

    def show_looked(self, project: Path, looked: Looked) -> None:
        """Show a training as it is now."""
        training, course = looked.training, looked.course
        self._name.setText(training.name)
        self._badge.show_state(*state_words(training))
        ended = ending_words(course, "Trained") if looked.job is None else ""
        told = (ended, settings_words(training), training.run.note)
        self._facts.setText("   ·   ".join(part for part in told if part))
        self.progress.show_state(looked)
        self.go_on.setVisible(training.can_go_on)
        self.go_on.setText(f"Go on from step {training.checkpoint}" if training.checkpoint else "Start again")
        self.inspect.setVisible(training.has_detector)
        tell_of_course(course, self.problem, self.warnings)
        self.chart.show_losses(course.losses, course.evaluations)
        best = self.chart.best
        self._best.setText(f"Best {best[1]:.3g} at step {best[0]:.0f}" if best is not None else "")
        shown = min(_MOST_SHOWN, max(1, len(training.job.shown)))
        self.strip.set_aspect(shown / 2)  # of each photo, and below it its heatmap
        self.strip.show_strip(project, course.strip, None)
        self._strip_part.setVisible(bool(course.strip))

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._facts)
        self.header.insertLayout(0, names, 1)
        self.header.insertWidget(1, self._badge)
        self.add_action(self.go_on)
        self.add_action(self.inspect)
        self.scale.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.chart.setMinimumHeight(_LEAST_CHART)
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(SectionLabel("Loss over the steps"))
        head.addWidget(self._best)
        head.addWidget(ElidedLabel(_LEGEND, "small"), 1)
        head.addWidget(self.smoothing)
        head.addWidget(self.scale)
        strip = QVBoxLayout(self._strip_part)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setSpacing(space(1))
        strip_head = QHBoxLayout()
        strip_head.setSpacing(space(3))
        strip_head.addWidget(SectionLabel("Heatmaps over the steps"))
        strip_head.addWidget(ElidedLabel(_STRIP_HINT, "small"), 1)
        strip.addLayout(strip_head)
        strip.addWidget(self.strip)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        for widget in (self.problem, self.warnings):
            column.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self.chart, 1)
        column.addWidget(self._strip_part)
        scroll = QScrollArea()  # for low windows
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.add(self.progress)
        self.add(scroll, 1)


_LEGEND = "— same photos each time    - - each step"
_STRIP_HINT = "The same photos each time: red is where the detector sees an anomaly."


def _tip(column: StripColumn) -> str:
    return f"What the detector sees after {column.step} steps: photos above, their anomaly maps below."


HEATMAPS = StripLook("Heatmap strip", "pictures", _tip, pixels=512, aspect=2, least=84, most=190, in_view=4.4)
