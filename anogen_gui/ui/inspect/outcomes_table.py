"""What the bands do to the test photos: a table of good and bad photos by verdict, with rates and intervals."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from anogen_gui.model.bands import percent
from anogen_gui.ui.inspect.verdict_words import BANDS
from anogen_gui.ui.kit import TextLabel, Tone
from anogen_gui.ui.theme import space
from engine.reporting.facts import Outcomes, Share


@dataclass(frozen=True)
class _Place:
    """A cell: what it is called, how it feels, and which photos it counts, as a field of `Outcomes`."""

    name: str
    tone: Tone
    field: str


_ROWS: tuple[tuple[str, tuple[_Place, ...]], ...] = (
    (
        "Bad",
        (
            _Place("Missed", "bad", "missed"),
            _Place("Look again", "warn", "bad_again"),
            _Place("Caught", "good", "caught"),
        ),
    ),
    (
        "Good",
        (
            _Place("Passed", "good", "passed"),
            _Place("Look again", "warn", "good_again"),
            _Place("False alarms", "bad", "false_alarms"),
        ),
    ),
)


class OutcomesTable(QWidget):
    """Two rows, what the photos are; three columns, what the detector says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: dict[str, CountCell] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(space(1))
        for column, band in enumerate(("ok", "look_again", "ng")):
            grid.addWidget(TextLabel(BANDS[band].word, "small"), 0, column + 1)  # type: ignore[index]
            grid.setColumnStretch(column + 1, 1)
        for row, (word, places) in enumerate(_ROWS):
            grid.addWidget(TextLabel(word, "strong"), row + 1, 0)
            for column, place in enumerate(places):
                cell = CountCell(place.name, place.tone, f"{word} photos")
                self.cells[place.field] = cell
                grid.addWidget(cell, row + 1, column + 1)

    def show_outcomes(self, outcomes: Outcomes | None) -> None:
        """None: there are no bands."""
        for field, cell in self.cells.items():
            cell.show_share(getattr(outcomes, field) if outcomes is not None else None)


class CountCell(QFrame):
    """A number of photos, their rate, and where it lies in 95 of 100 such tests."""

    def __init__(self, name: str, tone: Tone, among: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._among = name, among
        self.setProperty("tone", tone)
        self.count = TextLabel("", "heading")
        self.rate = TextLabel("", "small")
        self.interval = TextLabel("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2), space(1), space(2), space(1))
        column.setSpacing(0)
        for label in (TextLabel(name, "small"), self.count, self.rate, self.interval):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            column.addWidget(label)
        self.show_share(None)

    def show_share(self, share: Share | None) -> None:
        """None, or of no photos at all: nothing is known."""
        if share is None or not share.total:
            self.count.setText("–")
            self.rate.setText("")
            self.interval.setText("")
            self.setToolTip(f"{self._name}: not known")
            return
        between = f"{100 * share.low:.0f}–{100 * share.high:.0f}%"
        self.count.setText(str(share.count))
        self.rate.setText(percent(share.count / share.total))
        self.interval.setText(between)
        self.setToolTip(
            f"{self._name}: {share.count} of {share.total} {self._among.lower()}. Of all such photos it is"
            f" {between}, in 95 of 100 cases."
        )
