"""Words on the screen: texts by role, section labels, badges, key caps, texts that may be too long."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.theme import space

TextRole = Literal["body", "strong", "dim", "small", "bad", "title", "heading", "display"]
Tone = Literal["neutral", "accent", "good", "bad", "warn", "info"]

TONE_ICONS: dict[Tone, str] = {
    "neutral": "mdi6.circle-outline",
    "accent": "mdi6.star-four-points-outline",
    "good": "mdi6.check-circle-outline",
    "bad": "mdi6.alert-circle-outline",
    "warn": "mdi6.alert-outline",
    "info": "mdi6.information-outline",
}


class TextLabel(QLabel):
    """A plain text in one of the sizes and colours of the theme; `wrap` lets it take several lines."""

    def __init__(
        self, text: str = "", role: TextRole = "body", wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role)

    def show_role(self, role: TextRole) -> None:
        if self.property("role") != role:
            self.setProperty("role", role)
            restyle(self)


class SectionLabel(QLabel):
    """The small heading above a group."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)


class ElidedLabel(TextLabel):
    """A text in one line that is shortened with … where it does not fit; the whole of it is the tooltip."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, parent=parent)
        self._mode = mode
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


class KeyCap(QLabel):
    """A key as it looks on a keyboard, written as the system writes it."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


class ReportView(QPlainTextEdit):
    """A text to read and copy, such as the details of an error: letters of one width, lines as they are."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self.font().pixelSize() - 1)
        self.setFont(font)


class Badge(QFrame):
    """A state in one or two words, with an icon, so that it is not told by colour alone."""

    def __init__(
        self,
        icons: Icons,
        text: str,
        tone: Tone = "neutral",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icons, TONE_ICONS[tone], size=14)
        self._text = TextLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(space(2), 2, 10, 2)
        row.setSpacing(space(1))
        row.addWidget(self._icon)
        row.addWidget(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(text, tone, icon)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_state(self, text: str, tone: Tone = "neutral", icon: str = "") -> None:
        """Say something else; without `icon` the tone has its own."""
        self._text.setText(text)
        self._icon.show_icon(icon or TONE_ICONS[tone], "text_dim" if tone == "neutral" else tone)
        self.setAccessibleName(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)
            restyle(self._text)


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property that it asks for has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
