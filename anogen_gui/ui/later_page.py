"""A page that is still to come: it says what it will hold."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Badge, Card, TextLabel
from anogen_gui.ui.theme import space

_WIDTH = 620


class LaterPage(QWidget):
    """What a later version has here, point by point: (icon, title, sentence)."""

    def __init__(
        self,
        icons: Icons,
        icon: str,
        title: str,
        text: str,
        points: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(IconLabel(icons, icon, "accent", icons.theme.icon_large))
        head.addWidget(TextLabel(title, "heading"))
        head.addWidget(Badge(icons, "Not yet in this version", "info"))
        head.addStretch()
        card = Card()
        card.setFixedWidth(_WIDTH)
        card.body.addLayout(head)
        card.add(TextLabel(text, "dim", wrap=True))
        card.body.addSpacing(space(1))
        card.body.addLayout(_points_layout(icons, points))
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()


def inspect_page(icons: Icons) -> LaterPage:
    """What the page Inspect will hold."""
    return LaterPage(
        icons,
        "mdi6.magnify-scan",
        "Inspect what the detector sees",
        "Here you will see where a detector looks, what it finds, and what it still misses.",
        (
            (
                "mdi6.heat-wave",
                "Anomaly maps on your photos",
                "One colour scale for all of them, so that a good part looks like one.",
            ),
            (
                "mdi6.tune-vertical",
                "A threshold in the words of your line",
                "“At most 1% false rejects”: escapes and false rejects are counted while you move it.",
            ),
            (
                "mdi6.file-chart-outline",
                "A report to hand on",
                "As a page to print, and as a table.",
            ),
            (
                "mdi6.creation-outline",
                "Generate more like this",
                "A missed anomaly opens Place, with its class, size and position filled in.",
            ),
        ),
    )


def _points_layout(icons: Icons, points: Sequence[tuple[str, str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(4))
    grid.setColumnStretch(1, 1)
    for row, (icon, title, text) in enumerate(points):
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(TextLabel(title, "strong"))
        words.addWidget(TextLabel(text, "dim", wrap=True))
        grid.addWidget(IconLabel(icons, icon, "text_dim", 24), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, row, 1)
    return grid
