"""The dialog that says what the studio is, and in which version."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.crash_report import versions
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, TextLabel
from anogen_gui.ui.logo import LogoLabel
from anogen_gui.ui.theme import space
from engine.version import NAME


class AboutDialog(QDialog):
    """Name, versions, licences."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {NAME}")
        told = TextLabel(versions(), "dim", wrap=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = Button("Copy versions", icons, "mdi6.content-copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions()))
        done = PrimaryButton("Done")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        head = QHBoxLayout()
        head.setSpacing(space(4))
        head.addWidget(LogoLabel(icons, 48))
        head.addWidget(TextLabel(NAME, "heading"), 1)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch()
        buttons.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addLayout(head)
        column.addWidget(TextLabel("From three bad photos to generated anomalies.", wrap=True))
        column.addWidget(told)
        column.addWidget(
            TextLabel(
                "Licensed under Apache 2.0. Type: Inter, under the SIL Open Font License. "
                "Icons: Material Design Icons, under Apache 2.0.",
                "small",
                wrap=True,
            )
        )
        column.addLayout(buttons)
        self.setMinimumWidth(460)
        done.setFocus()
