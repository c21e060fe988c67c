"""The photos that the detector looks at now, and what became of the last ones."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from anogen_gui.model.looking import Looking, LookingState
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, TextLabel
from anogen_gui.ui.photos.tone_bar import ToneBar
from anogen_gui.ui.theme import space


class LookingBar(ToneBar):
    """Progress with its counts and *Cancel*; then the outcome, until it is closed.

    Signals:
        problems_requested(): show which files could not be read.
        resume_requested(): the queue is paused; let it go on.
    """

    problems_requested = Signal()
    resume_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, "mdi6.magnify-scan", "info", parent)
        self._looking: Looking | None = None
        self.text = TextLabel(role="strong", wrap=True)
        self.counts = TextLabel(role="dim", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Photos looked at")
        self.resume = Button("Resume the queue", icons, "mdi6.play")
        self.cancel = Button("Cancel", icons, "mdi6.stop-circle-outline")
        self.problems = Button("Show problems…", icons, "mdi6.format-list-bulleted")
        self.close_button = IconButton(icons, "mdi6.close", "Close")
        column = QVBoxLayout()
        column.setSpacing(space(1))
        column.setContentsMargins(0, space(1), 0, space(1))
        for widget in (self.text, self.progress, self.counts):
            column.addWidget(widget)
        self.row.addLayout(column, 1)
        for button in (self.problems, self.resume, self.cancel, self.close_button):
            self.row.addWidget(button)
        self.cancel.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self._dismiss)
        self.problems.clicked.connect(self.problems_requested)
        self.resume.clicked.connect(self.resume_requested)

    def bind(self, looking: Looking | None) -> None:
        """Follow what this looks at from now on; it goes when its project does."""
        self._looking = looking
        self.hide()
        if looking is not None:
            looking.changed.connect(self.show_state)
            self.show_state(looking.state)

    def show_state(self, state: LookingState) -> None:
        self.progress.setRange(0, state.total if state.is_running else 0)
        self.progress.setValue(state.step)
        self.progress.setVisible(state.is_busy and not state.is_held)
        self.cancel.setVisible(state.is_busy)
        self.resume.setVisible(state.is_held)
        self.close_button.setVisible(not state.is_busy)
        self.problems.setVisible(bool(state.refused))
        self._show_course(state) if state.is_busy else self._show_outcome(state)
        self.counts.setVisible(bool(self.counts.text()))
        self.setVisible(state.is_busy or bool(state.outcome or state.refused or state.problem))

    def _cancel(self) -> None:
        if self._looking is not None:
            self._looking.cancel()

    def _dismiss(self) -> None:
        if self._looking is not None:
            self._looking.dismiss()

    def _show_course(self, state: LookingState) -> None:
        self.show_tone("mdi6.magnify-scan", "info")
        if state.is_held:
            self.show_tone("mdi6.pause-circle-outline", "warn")
            self.text.setText("The queue is paused: the photos wait")
        elif state.is_running:
            self.text.setText("Looking at photos")
        else:
            self.text.setText(
                "Looking for photos" if state.is_searching else "The photos wait for their turn"
            )
        where = [f"{state.step} of {state.total}"] if state.is_running and state.total else []
        self.counts.setText("  ·  ".join([*where, *_counts(state)]))

    def _show_outcome(self, state: LookingState) -> None:
        if state.outcome == "failed":
            self.show_tone("mdi6.alert-circle-outline", "bad")
            self.text.setText(
                "No photos were looked at" if not state.looked else "Not all photos were looked at"
            )
        elif state.outcome == "cancelled":
            self.show_tone("mdi6.alert-outline", "warn")
            self.text.setText("Cancelled: what was found is kept")
        elif state.refused or state.problem:
            self.show_tone("mdi6.alert-outline", "warn")
            self.text.setText("Looked at, with problems")
        else:
            self.show_tone("mdi6.check-circle-outline", "good")
            self.text.setText("All photos are looked at")
        self.counts.setText("\n".join(filter(None, ["  ·  ".join(_counts(state)), state.problem])))


def _counts(state: LookingState) -> list[str]:
    counts = [f"{count_of(state.looked, 'photo')} looked at"] if state.looked else []
    if state.refused:
        counts.append(f"{count_of(len(state.refused), 'file')} could not be read")
    return counts
