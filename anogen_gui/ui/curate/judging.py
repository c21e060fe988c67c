"""The buttons and stars with which samples are judged."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from anogen_gui.ui.curate.stars import StarRating
from anogen_gui.ui.curate.words import VERDICTS, VerdictWords
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import KeyCap, TextLabel, with_key
from anogen_gui.ui.theme import space
from engine.project import SampleRow, Verdict

_BUTTON_HEIGHT = 56


class Judging(QWidget):
    """Three verdicts and the stars, each with its key; what the samples have is marked.

    Signals:
        verdict_requested(verdict)
        star_requested(stars)
    """

    verdict_requested = Signal(str)
    star_requested = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[Verdict, QToolButton] = {}
        self._samples: Sequence[SampleRow] = ()
        self.stars = StarRating(icons)
        self.stars.star_requested.connect(self.star_requested)
        verdicts = QGridLayout()
        verdicts.setHorizontalSpacing(space(2))
        verdicts.setVerticalSpacing(space(1))
        for column, (verdict, words) in enumerate(VERDICTS.items()):
            button = _VerdictButton(words, icons)
            button.clicked.connect(lambda _on, verdict=verdict: self._ask(verdict))
            self.buttons[verdict] = button
            verdicts.addWidget(button, 0, column)
            verdicts.setColumnStretch(column, 1)
            verdicts.addWidget(KeyCap(words.key), 1, column, Qt.AlignmentFlag.AlignHCenter)
        stars = QHBoxLayout()
        stars.addWidget(self.stars)
        stars.addStretch()
        for part in (KeyCap("1"), TextLabel("to", "dim"), KeyCap("5")):
            stars.addWidget(part)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(space(3))
        column_layout.addLayout(verdicts)
        column_layout.addLayout(stars)

    def show_samples(self, samples: Sequence[SampleRow]) -> None:
        """Mark what all of these have in common."""
        self._samples = samples
        verdicts, stars = {sample.verdict for sample in samples}, {sample.stars for sample in samples}
        for verdict, button in self.buttons.items():
            button.setChecked(verdicts == {verdict})
        self.stars.show_stars(stars.pop() if len(stars) == 1 else 0)
        self.setEnabled(bool(samples))

    def _ask(self, verdict: Verdict) -> None:
        self.verdict_requested.emit(verdict)
        self.show_samples(self._samples)  # a click has turned the button over


class _VerdictButton(QToolButton):
    """A verdict's icon above its word; checked where the samples have it."""

    def __init__(self, words: VerdictWords, icons: Icons) -> None:
        super().__init__()
        self.setText(words.verb)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_BUTTON_HEIGHT)
        self.setToolTip(with_key(words.verb, words.key))
        icons.bind(self, words.icon, "text_dim" if words.tone == "neutral" else words.tone)
