"""Good, bad, no opinion: what a person says of a photo, apart from the detector."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.verdict_words import OPINIONS
from anogen_gui.ui.kit import with_key
from anogen_gui.ui.theme import space

_SIZE = QSize(84, 56)


class OpinionButtons(QWidget):
    """Three large buttons; what is said of the photo is marked.

    Signals:
        opinion_chosen(opinion): is the photo anomalous? None: nothing is said of it.
    """

    opinion_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[bool | None, QToolButton] = {}
        self._opinion: bool | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        for opinion, words in OPINIONS.items():
            button = QToolButton()
            button.setText(words.word)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumSize(_SIZE)
            button.setToolTip(with_key(f"You say: {words.word.lower()}", words.key))
            icons.bind(button, words.icon, "text_dim" if words.tone == "neutral" else words.tone)
            button.clicked.connect(lambda _on, opinion=opinion: self._choose(opinion))
            self.buttons[opinion] = button
            row.addWidget(button)

    def show_opinion(self, opinion: bool | None) -> None:
        self._opinion = opinion
        for each, button in self.buttons.items():
            button.setChecked(each is opinion)

    def _choose(self, opinion: bool | None) -> None:
        before = self._opinion
        self.opinion_chosen.emit(opinion)
        if self._opinion is before:
            self.show_opinion(before)  # nobody took it; the click has turned the button over
