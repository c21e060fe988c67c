"""The start page: shown while no project is open."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Button, Card, ElidedLabel, IconButton, PrimaryButton, TextLabel
from anogen_gui.ui.logo import LogoLabel
from anogen_gui.ui.theme import space

_WIDTH = 420


class WelcomePage(QWidget):
    """Begin a project, go on with one, or look at the demo.

    Signals:
        new_requested(), open_requested(), demo_requested()
        recent_chosen(folder), recent_removed(folder): Path
    """

    new_requested = Signal()
    open_requested = Signal()
    demo_requested = Signal()
    recent_chosen = Signal(Path)
    recent_removed = Signal(Path)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.new = PrimaryButton("New project…", icons, "mdi6.folder-plus-outline", "Ctrl+N")
        self.open = Button("Open project…", icons, "mdi6.folder-open-outline", "Ctrl+O")
        self.demo = DemoCard(icons)
        self._recent = Card("Recent projects")
        self._rows = QVBoxLayout()
        self.new.clicked.connect(lambda: self.new_requested.emit())
        self.open.clicked.connect(lambda: self.open_requested.emit())
        self.demo.button.clicked.connect(lambda: self.demo_requested.emit())
        self._arrange()
        self.show_recent(())

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Show the projects that were open last."""
        while (item := self._rows.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for folder in folders:
            recent = RecentRow(folder, self._icons)
            recent.open.clicked.connect(lambda _checked, folder=folder: self.recent_chosen.emit(folder))
            recent.remove.clicked.connect(lambda _checked, folder=folder: self.recent_removed.emit(folder))
            self._rows.addWidget(recent)
        self._rows.addStretch()
        self._recent.setVisible(bool(folders))

    def show_demo_progress(self, stage: str, step: int, total: int) -> None:
        """The demo project is being made."""
        self.demo.show_progress(stage, step, total)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(space(3))
        buttons.addWidget(self.new)
        buttons.addWidget(self.open)
        buttons.addStretch()
        hero = QWidget()
        hero.setFixedWidth(_WIDTH)
        left = QVBoxLayout(hero)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(space(3))
        left.addStretch()
        left.addWidget(LogoLabel(self._icons, 56))
        left.addSpacing(space(2))
        left.addWidget(TextLabel("AnoGen Studio", "display"))
        left.addWidget(
            TextLabel(
                "From three bad photos to realistic anomalies, wherever on your parts they could occur.",
                "dim",
                wrap=True,
            )
        )
        left.addSpacing(space(3))
        left.addLayout(buttons)
        left.addSpacing(space(3))
        left.addWidget(self.demo)
        left.addStretch()
        row = QHBoxLayout()
        row.setSpacing(space(6) + space(4))
        row.addStretch()
        row.addWidget(hero)
        row.addWidget(self._recent, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        self._arrange_recent()
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(6)] * 4)
        column.addStretch()
        column.addLayout(row)
        column.addStretch()

    def _arrange_recent(self) -> None:
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(space(1))
        content = QWidget()
        content.setLayout(self._rows)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self._recent.add(scroll, 1)
        self._recent.setFixedSize(_WIDTH, 420)


class DemoCard(Card):
    """Offers the demo project, and shows how far it is while it is made."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(space(2))
        head.addWidget(IconLabel(icons, "mdi6.flask-outline", "accent"))
        head.addWidget(TextLabel("New here?", "title"))
        head.addStretch()
        self.button = Button("Open the demo project", icons, "mdi6.play")
        self._bar = QProgressBar(textVisible=False)
        self._stage = TextLabel(role="small")
        self.body.addLayout(head)
        self.add(
            TextLabel(
                "A made-up product with good and broken parts, ready to learn from. "
                "You need no photos of your own, and no network.",
                "dim",
                wrap=True,
            )
        )
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._stage)
        self.add(self._bar)
        self.body.addStretch()
        self.show_ready()

    def show_ready(self) -> None:
        """Nothing is being made: it can be opened."""
        self.button.setVisible(True)
        self._bar.setVisible(False)
        self._stage.setVisible(False)

    def show_progress(self, stage: str, step: int, total: int) -> None:
        """It is being made; a `total` of 0 is not known yet."""
        self.button.setVisible(False)
        self._bar.setRange(0, total)
        self._bar.setValue(step)
        self._bar.setVisible(True)
        self._stage.setText(f"{stage}: {step} of {total}" if total else f"{stage}…")
        self._stage.setVisible(True)


class RecentRow(QWidget):
    """A project that was open before: `open` it, or `remove` it from the list."""

    def __init__(self, folder: Path, icons: Icons) -> None:
        super().__init__()
        self.open = RecentButton(folder, icons)
        self.remove = IconButton(
            icons, "mdi6.close", "Forget this project (its folder stays)", role="text_dim"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self.open, 1)
        row.addWidget(self.remove)


class RecentButton(QPushButton):
    """A project's name, and where it is; it cannot be pressed where the folder is gone."""

    def __init__(self, folder: Path, icons: Icons) -> None:
        super().__init__()
        is_there = folder.is_dir()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEnabled(is_there)
        self.setAccessibleName(f"Open {folder.name}")
        self.setToolTip(str(folder))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(ElidedLabel(folder.name, "strong"))
        where = str(folder.parent) if is_there else f"Not found: {folder}"
        texts.addWidget(ElidedLabel(where, "small", Qt.TextElideMode.ElideMiddle))
        icon = "mdi6.folder-outline" if is_there else "mdi6.folder-off-outline"
        row = QHBoxLayout(self)
        row.setContentsMargins(space(2), space(2), space(2), space(2))
        row.setSpacing(space(3))
        row.addWidget(IconLabel(icons, icon, "text_dim"))
        row.addLayout(texts, 1)
