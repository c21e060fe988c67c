"""The lineage of a detector, or of a support photo, as a column of steps; each thing leads to its page."""

from pathlib import Path, PurePosixPath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.lineage import (
    KeptOut,
    Lineage,
    LineageItem,
    LineageStep,
    StepKind,
    lineage_of_run,
    lineage_of_support,
)
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.reading import Reading
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.inspect.lineage_tile import LineageTile
from anogen_gui.ui.kit import FlowLayout, QuietButton, SectionLabel, Separator, TextLabel
from anogen_gui.ui.theme import space

_MOST_TILES = 6
_MOST_NAMES = 8
_ICONS: dict[StepKind, str] = {
    "detector": "mdi6.radar",
    "samples": "mdi6.image-multiple-outline",
    "boxes": "mdi6.vector-square",
    "embedding": "mdi6.school-outline",
    "supports": "mdi6.image-outline",
    "origins": "mdi6.target",
}
_PAGE_NAMES = {"photos": "Photos", "learn": "Learn", "place": "Place", "curate": "Curate", "train": "Train"}


class LineagePanel(QWidget):
    """Reads where something comes from in the background, and shows it.

    Signals:
        item_requested(page, place): look at this thing on its page: a photo's or sample's path, a class, a run.
    """

    item_requested = Signal(str, str)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._folder = Path()
        self._reading: Reading | None = None
        self.about = TextLabel("", "dim", wrap=True)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(space(3))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.about)
        column.addLayout(self._steps)
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Read from this project; None: there is none, or it is about to close."""
        if self._reading is not None:
            self._reading.close()
            self._reading.deleteLater()
            self._reading = None
        if project is not None:
            self._folder = project.folder
            self._reading = Reading(project.project, self)
            self._reading.answered.connect(self.show_lineage)
            self._reading.failed.connect(lambda message, hint: self._say_nothing(f"{message} {hint}".strip()))
        self._say_nothing("Choose a detector to see what it was made from.")

    def ask(self, run: str, support: str = "") -> None:
        """Show what came of the support photo at this path; without one, where the detector of a run comes from."""
        if self._reading is not None:
            self._reading.ask(
                lambda project: (
                    (lineage_of_support(project, support) if support else None)
                    or lineage_of_run(project, run)
                )
            )

    def show_lineage(self, lineage: Lineage | None) -> None:
        """Show the steps; None: there are none."""
        if lineage is None:
            self._say_nothing("Nothing is known of where this comes from.")
            return
        self._clear()
        self.about.setText(lineage.title)
        for step in lineage.steps:
            self._steps.addWidget(self._step(step))
            self._steps.addWidget(Separator())
        if lineage.kept_out:
            self._steps.addWidget(SectionLabel("Kept out"))
        for kept_out in lineage.kept_out:
            self._steps.addWidget(TextLabel(_kept_out_words(kept_out), "small", wrap=True))

    def tiles(self) -> list[LineageTile]:
        """All things with a tile, from above to below."""
        return self.findChildren(LineageTile)

    def _say_nothing(self, sentence: str) -> None:
        self._clear()
        self.about.setText(sentence)

    def _clear(self) -> None:
        while (item := self._steps.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    # --- one step

    def _step(self, step: LineageStep) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        head = QHBoxLayout()
        head.setSpacing(space(2))
        head.addWidget(IconLabel(self._icons, _ICONS[step.kind], "text_dim"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(TextLabel(step.title, "strong", wrap=True), 1)
        column.addLayout(head)
        if step.text:
            column.addWidget(TextLabel(step.text, "small", wrap=True))
        if step.items:
            column.addWidget(self._things(step.items))
        if step.further:
            column.addWidget(TextLabel("Used by other detectors, too:", "small"))
            column.addWidget(self._things(step.further))
        return widget

    def _things(self, items: tuple[LineageItem, ...]) -> QWidget:
        """Tiles for what has a picture, buttons for the others; how many more there are."""
        widget = QWidget()
        flow = FlowLayout(widget, space(1))
        for item in items[:_MOST_TILES]:
            tip = f"{item.title}: open it on the page {_PAGE_NAMES[item.page]}"
            if item.picture:
                tile = LineageTile(self._icons, self._thumbnails, self._folder / item.picture, item.title)
                tile.setToolTip(tip)
                tile.clicked.connect(lambda _on, item=item: self._request(item))
                flow.addWidget(tile)
            else:
                button = QuietButton(item.title, self._icons, "mdi6.arrow-right")
                button.setToolTip(tip)
                button.clicked.connect(lambda _on, item=item: self._request(item))
                flow.addWidget(button)
        if len(items) > _MOST_TILES:
            flow.addWidget(TextLabel(f"and {len(items) - _MOST_TILES} more", "small"))
        return widget

    def _request(self, item: LineageItem) -> None:
        self.item_requested.emit(item.page, item.place)


def _kept_out_words(kept_out: KeptOut) -> str:
    names = [PurePosixPath(path).stem for path in kept_out.photos[:_MOST_NAMES]]
    more = len(kept_out.photos) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more else "")
    return f"{kept_out.reason} {listed}."
