"""The embeddings of an anomaly class, and which of them is in use."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, IconButton, TextLabel
from anogen_gui.ui.learn.words import backbone_words, counted, day_words
from anogen_gui.ui.palettes import space
from engine.project import EmbeddingRow


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
        self._group = QButtonGroup(self)
        self._none = TextLabel("None yet. It is made when learning ends, or is imported.", "dim", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(2))
        self._column.addWidget(self._none)

    def show_embeddings(self, embeddings: Sequence[EmbeddingRow], in_use: EmbeddingRow | None) -> None:
        """Show these embeddings, given the oldest first."""
        if tuple(embeddings) != self._shown:
            self._shown = tuple(embeddings)
            self._rebuild()
        self._none.setVisible(not embeddings)
        for row in self.rows():
            row.show_in_use(row.embedding == in_use)

    def rows(self) -> list["EmbeddingItem"]:
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, EmbeddingItem)]

    def _rebuild(self) -> None:
        for row in self.rows():
            self._group.removeButton(row.choice)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for embedding in reversed(self._shown):
            row = EmbeddingItem(embedding, self._icons)
            self._group.addButton(row.choice)
            row.choice.clicked.connect(lambda _on, embedding=embedding: self.embedding_chosen.emit(embedding))
            row.export.clicked.connect(lambda _on, embedding=embedding: self.export_wanted.emit(embedding))
            self._column.addWidget(row)


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
