"""A learning run: how it goes or went, its loss, its strip, and which of its steps is used."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.model.learning_course import StripColumn
from anogen_gui.model.learning_state import LearnState
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.course.notice import Notice, tell_of_course
from anogen_gui.ui.course.progress_view import ProgressView
from anogen_gui.ui.course.sample_strip import SampleStrip, StripLook
from anogen_gui.ui.course.words import ending_words
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, ElidedLabel, SectionLabel, SegmentedControl, TextLabel
from anogen_gui.ui.kit.fields import ChoiceField
from anogen_gui.ui.learn.loss_plot import LossCurves, LossPlot
from anogen_gui.ui.learn.words import run_words
from anogen_gui.ui.palettes import space

_RUNS_WIDTH = 208
_KEEP_TIP = "End after this step, and make an embedding of what is learned so far."
_CANCEL_TIP = "End after this step, without an embedding. Learn can go on later from the last checkpoint."
_USE = "Use this step"
_STRIP_HINT = "Always the same box and noise: choose the step that looks best."


class RunView(QWidget):
    """The run that is looked at.

    Signals:
        run_chosen(name)
        step_used(step): generate with what was learned until then.
    """

    run_chosen = Signal(str)
    step_used = Signal(int)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: LearnState | None = None
        self.progress = ProgressView(icons, _KEEP_TIP, _CANCEL_TIP)
        self._summary = TextLabel(role="strong", wrap=True)
        self.problem, self.warnings = Notice(icons), Notice(icons)
        self.runs = ChoiceField()
        self.runs.setAccessibleName("Run to look at")
        self.runs.setMinimumWidth(_RUNS_WIDTH)
        self._scale = SegmentedControl([(False, "Linear"), (True, "Logarithmic")], name="Loss axis")
        self._scale.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.plot = LossPlot(icons)
        self.strip = SampleStrip(icons, thumbnails, SAMPLES)
        self._strip_hint = ElidedLabel(_STRIP_HINT, "small")
        self.use = Button(_USE, icons, "mdi6.check")
        self._strip_part = QWidget()
        self._lay_out()
        self._connect()

    def show_state(self, project: Path, state: LearnState) -> None:
        """Show the course of a class's run."""
        self._state = state
        course = state.course
        self.progress.show_state(state)
        self._summary.setText(ending_words(course, "Learned"))
        self._summary.setVisible(bool(self._summary.text()))
        tell_of_course(course, self.problem, self.warnings)
        self._show_runs(state)
        self.plot.show_curves(LossCurves(course.losses, course.evaluations))
        self.strip.show_strip(project, course.strip, state.step_in_use)
        self._strip_part.setVisible(bool(course.strip))
        self._show_chosen()

    def set_plot_height(self, height: int) -> None:
        """In logical pixels."""
        self.plot.setFixedHeight(height)

    def _show_runs(self, state: LearnState) -> None:
        """Earlier runs can be looked at while none is running."""
        named = [run for run in state.runs if run.name]
        was_blocked = self.runs.blockSignals(True)
        self.runs.set_choices([(run.name, run_words(run)) for run in named])
        if any(run.name == state.course.run for run in named):
            self.runs.set_value(state.course.run)
        self.runs.blockSignals(was_blocked)
        self.runs.setVisible(len(named) > 1 and state.job is None)

    def _show_chosen(self) -> None:
        """What the button under the strip does."""
        state, step = self._state, self.strip.chosen
        if state is None:
            return
        self.plot.mark_step(step)
        column = next((column for column in state.course.strip if column.step == step), None)
        reason = ""
        if column is None:
            reason = "Choose a step of the strip first."
        elif column.step == state.step_in_use:
            reason = "This step is in use."
        elif not column.can_be_used and state.embedding_of(column.step) is None:
            reason = "Only the picture of this step was kept: it cannot be used."
        elif state.is_running:
            reason = "When learning has ended, any step can be used."
        elif state.work:
            reason = f"{state.work} …"
        self.use.setText(f"Use step {step}" if column is not None else _USE)
        self.use.setEnabled(not reason)
        self.use.setToolTip(reason or "Generate with what was learned until this step.")

    def _use_chosen(self) -> None:
        if self.use.isEnabled() and self.strip.chosen is not None:
            self.step_used.emit(self.strip.chosen)

    def _connect(self) -> None:
        self.runs.value_changed.connect(lambda name: self.run_chosen.emit(name))
        self._scale.value_changed.connect(self.plot.show_log)
        self.strip.step_chosen.connect(lambda _step: self._show_chosen())
        self.strip.step_used.connect(lambda _step: self._use_chosen())
        self.use.clicked.connect(self._use_chosen)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(self._summary, 1)
        head.addWidget(self.runs)
        plot_head = QHBoxLayout()
        plot_head.addWidget(SectionLabel("Loss"))
        plot_head.addStretch()
        plot_head.addWidget(self._scale)
        strip_head = QHBoxLayout()
        strip_head.setSpacing(space(3))
        strip_head.addWidget(SectionLabel("Samples over the steps"))
        strip_head.addWidget(self._strip_hint, 1)
        strip_head.addWidget(self.use)
        strip = QVBoxLayout(self._strip_part)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setSpacing(space(2))
        strip.addLayout(strip_head)
        strip.addWidget(self.strip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.progress)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.warnings)
        column.addLayout(plot_head)
        column.addWidget(self.plot)
        column.addWidget(self._strip_part)
        self.setTabOrder(self.strip.columns(), self.use)
        column.addStretch()


def _tip(column: StripColumn) -> str:
    text = (
        f"What the embedding draws after {column.step} steps, always in the same box and from the same noise."
    )
    if not column.can_be_used:
        return f"{text} Only the picture of this step was kept: it cannot be used."
    return f"{text} Double-click to use it."


SAMPLES = StripLook("Sample strip", "samples", _tip)
