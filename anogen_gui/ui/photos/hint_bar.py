"""What to do next, in a quiet bar that can be closed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from anogen_gui.model.photo_steps import NextStep
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, TextLabel
from anogen_gui.ui.photos.tone_bar import ToneBar


class HintBar(ToneBar):
    """Shows the next step until it is done, or closed.

    Signals:
        action_requested(action): its button was pressed.
    """

    action_requested = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, "mdi6.lightbulb-on-outline", "accent", parent)
        self._step: NextStep | None = None
        self._closed: set[str] = set()
        self.text = TextLabel(wrap=True)
        self.button = Button("")
        self.close_button = IconButton(icons, "mdi6.close", "Hide this hint")
        self.row.addWidget(self.text, 1)
        self.row.addWidget(self.button)
        self.row.addWidget(self.close_button)
        self.button.clicked.connect(self._ask)
        self.close_button.clicked.connect(self._close)

    def show_step(self, step: NextStep | None) -> None:
        """Show a step; None hides the bar, and so does a step of a kind that was closed before."""
        self._step = step
        if step is not None:
            self.text.setText(step.text)
            self.button.setText(step.word)
            self.button.setVisible(bool(step.word))
        self.setVisible(step is not None and step.action not in self._closed)

    def _ask(self) -> None:
        if self._step is not None:
            self.action_requested.emit(self._step.action)

    def _close(self) -> None:
        if self._step is not None:
            self._closed.add(self._step.action)
        self.hide()
