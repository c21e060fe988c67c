"""The embeddings of an anomaly class, and which of them is in use."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from anogen_gui.ui.course.words import counted, day_words
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, Fold, IconButton, TextLabel
from anogen_gui.ui.learn.words import backbone_words
from anogen_gui.ui.palettes import space
from engine.project import EmbeddingRow

_IN_SIGHT = 5


class EmbeddingList(QWidget):
    """A row for each embedding, the newest first; the round mark says which one is in use.

    Signals:
        embedding_chosen(row): use this one from now on.
        export_wanted(row)
    """

    embedding_chosen = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: tuple[EmbeddingRow, ...] = ()
        self._in_use: EmbeddingRow | None = None
        self._rows: list[EmbeddingItem] = []
        self._group = QButtonGroup(self)
        self._none = TextLabel("None yet. It is made when learning ends, or is imported.", "dim", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(2))
        self._older = Fold(icons, "Older embeddings")
        self._older.body.setSpacing(space(2))
        self._column.addWidget(self._none)
        self._column.addWidget(self._older)

    def show_embeddings(self, embeddings: Sequence[EmbeddingRow], in_use: EmbeddingRow | None) -> None:
        """Show these embeddings, given the oldest first."""
        if tuple(embeddings) != self._shown or in_use != self._in_use:
            self._shown, self._in_use = tuple(embeddings), in_use
            self._rebuild()
        self._none.setVisible(not embeddings)
        for row in self.rows():
            row.show_in_use(row.embedding == in_use)

    def rows(self) -> tuple["EmbeddingItem", ...]:
        """The newest first."""
        return tuple(self._rows)

    def _rebuild(self) -> None:
        """The newest ones, and the one in use, in sight; the others behind a fold."""
        for row in self._rows:
            self._group.removeButton(row.choice)
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(embedding) for embedding in reversed(self._shown)]
        seen = [
            row for place, row in enumerate(self._rows) if place < _IN_SIGHT or row.embedding == self._in_use
        ]
        for place, row in enumerate(seen):
            self._column.insertWidget(place, row)
        for row in self._rows:
            if row not in seen:
                self._older.body.addWidget(row)
        self._older.setVisible(len(seen) < len(self._rows))

    def _make_row(self, embedding: EmbeddingRow) -> "EmbeddingItem":
        row = EmbeddingItem(embedding, self._icons)
        self._group.addButton(row.choice)
        row.choice.clicked.connect(lambda: self.embedding_chosen.emit(embedding))
        row.export.clicked.connect(lambda: self.export_wanted.emit(embedding))
        return row


class EmbeddingItem(QWidget):
    """One embedding: its name; how many steps on which backbone, and when it was made."""

    def __init__(self, embedding: EmbeddingRow, icons: Icons) -> None:
        super().__init__()
        self.embedding = embedding
        self.choice = QRadioButton()
        self.choice.setAccessibleName(f"Use {embedding.name}")
        self.choice.setToolTip("Generate with this embedding from now on")
        self.export = IconButton(icons, "mdi6.tray-arrow-up", f"Export {embedding.name}…", role="text_dim")
        self._name = ElidedLabel(embedding.name)
        self._facts = ElidedLabel(facts_of(embedding), "small")
        self._in_use = TextLabel("In use", "strong")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.choice, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._in_use, 0, 2)
        grid.addWidget(self.export, 0, 3, 2, 1)
        grid.addWidget(self._facts, 1, 1, 1, 2)

    def show_in_use(self, is_in_use: bool) -> None:
        self.choice.setChecked(is_in_use)
        self._in_use.setVisible(is_in_use)
        self._name.show_role("strong" if is_in_use else "body")


def facts_of(embedding: EmbeddingRow) -> str:
    """ "500 steps · embedded · today 14:05"."""
    steps = counted(embedding.steps, "step") if embedding.steps else "Imported"
    return " · ".join((steps, backbone_words(embedding.backbone), day_words(embedding.created)))
