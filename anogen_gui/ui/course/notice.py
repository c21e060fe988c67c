"""A sentence in place about something that happened: what it is, what to do, and the details behind a fold."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.learning_course import Course
from anogen_gui.model.learning_state import Note
from anogen_gui.model.wording import in_window
from anogen_gui.ui.course.words import without_options
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Fold, IconButton, TextLabel, Tone
from anogen_gui.ui.kit.labels import TONE_ICONS
from anogen_gui.ui.palettes import Theme, space


class Notice(QFrame):
    """Tone, message and hint side by side with an icon; hidden while there is nothing to tell.

    Signals:
        dismissed(): the person has read it.
    """

    dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._tone: Tone = "info"
        self._told: tuple[Tone, str, str, str, bool] | None = None
        self._icon = IconLabel(icons, TONE_ICONS["info"])
        self._message = TextLabel(wrap=True)
        self._hint = TextLabel(role="dim", wrap=True)
        self._details = TextLabel(role="small", wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fold = Fold(icons, "Details")
        self._fold.body.addWidget(self._details)
        self._close = IconButton(icons, "mdi6.close", "Dismiss")
        self._close.clicked.connect(lambda: self.dismissed.emit())
        self._lay_out()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        icons.theme_changed.connect(self._paint_tone)
        self.hide()

    def tell(
        self, tone: Tone, message: str, hint: str = "", details: str = "", closable: bool = True
    ) -> None:
        """Show a message; an empty one hides everything."""
        told = (tone, message, hint, details, closable)
        if told == self._told:
            return
        self._told, self._tone = told, tone
        self._message.setText(without_options(message))
        self._hint.setText(without_options(hint))
        self._hint.setVisible(bool(hint))
        self._details.setText(details)
        self._fold.setVisible(bool(details))
        self._close.setVisible(closable)
        self._icon.show_icon(TONE_ICONS[tone], tone)
        self._paint_tone(self._icons.theme)
        self.setAccessibleName(f"{self._message.text()} {self._hint.text()}".strip())
        self.setVisible(bool(message))

    def show_note(self, note: Note | None) -> None:
        """Show what there is to tell; None hides everything."""
        if note is None:
            self.tell("info", "")
        else:
            self.tell("bad" if note.is_problem else "info", note.message, note.hint, note.details)

    @property
    def message(self) -> str:
        return self._message.text() if not self.isHidden() else ""

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(space(1))
        for widget in (self._message, self._hint, self._fold):
            texts.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), space(2), space(2), space(2))
        row.setSpacing(space(2))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _paint_tone(self, theme: Theme) -> None:
        """The quiet ground of the tone; texts keep the theme's own colours."""
        ground = theme.surface_sunken if self._tone == "neutral" else getattr(theme, f"{self._tone}_soft")
        self.setStyleSheet(f"Notice {{ background: {ground}; border-radius: {theme.radius}px; }}")


def tell_of_course(course: Course, problem: Notice, warnings: Notice) -> None:
    """Tell why a run failed, and, in a notice of their own, what its warnings are."""
    message = course.message if course.state == "failed" else ""
    problem.tell("bad", message, in_window(course.hint), course.details, closable=False)
    warnings.tell("warn", "\n".join(course.warnings), closable=False)
