"""An anomaly class in the panel: its colour and key, its name, and what there is of it."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.photo_list import AnomalyCounts
from anogen_gui.model.wording import count_of
from anogen_gui.ui.class_tag import paint_class_spot
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, IconButton, TextLabel
from anogen_gui.ui.theme import space
from engine.project import AnomalyClass

_SPOT = 28
_ENDS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AnomalyRow(QWidget):
    """A click, or Enter, shows only its photos; F2 renames it.

    Signals:
        clicked()
        renamed(name): a person typed another name.
        menu_requested(position): on the screen.
    """

    clicked = Signal()
    renamed = Signal(str)
    menu_requested = Signal(QPoint)

    def __init__(self, anomaly: AnomalyClass, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.anomaly = anomaly
        self._icons = icons
        self._is_chosen = False
        self._spot = _Spot(anomaly, icons)
        self.name = ElidedLabel(anomaly.name, "strong")
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Name of the class")
        self.counts = TextLabel("", "small")
        self.menu_button = IconButton(icons, "mdi6.dots-horizontal", f"What to do with “{anomaly.name}”")
        self._name_place = QStackedWidget()
        self._arrange()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Class {anomaly.name}")
        self.edit.installEventFilter(self)
        self.menu_button.clicked.connect(self._ask_for_menu)
        icons.theme_changed.connect(self.update)

    def show_counts(self, counts: AnomalyCounts) -> None:
        parts = [count_of(counts.photos, "photo")]
        if counts.supports:
            parts.append(count_of(counts.supports, "support"))
        lines = ["  ·  ".join(parts)]
        if counts.embeddings:
            lines.append(count_of(counts.embeddings, "embedding"))
        self.counts.setText("\n".join(lines))

    def set_chosen(self, is_chosen: bool) -> None:
        """Only its photos are shown, or not."""
        self._is_chosen = is_chosen
        self.setToolTip("Show all photos" if is_chosen else f"Show only photos of “{self.anomaly.name}”")
        self.update()

    def rename(self) -> None:
        """Let a person type another name; Enter keeps it, Escape does not."""
        self.edit.setText(self.anomaly.name)
        self._name_place.setCurrentWidget(self.edit)
        self.edit.setFocus()
        self.edit.selectAll()

    # --- events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's names from here on
        if event.type() == QEvent.Type.FocusOut:
            self._name_place.setCurrentWidget(self.name)
        elif isinstance(event, QKeyEvent) and event.key() in _ENDS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() == QEvent.Type.KeyPress:
                self._finish_renaming(is_kept=event.key() != Qt.Key.Key_Escape)
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_requested.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.rename()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.clicked.emit()
            case Qt.Key.Key_F2:
                self.rename()
            case Qt.Key.Key_Menu:
                self._ask_for_menu()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        theme = self._icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._is_chosen or self.underMouse():
            painter.setBrush(theme.color("selection" if self._is_chosen else "hover"))
            painter.drawRoundedRect(rect, theme.radius, theme.radius)
        if self.hasFocus() or self._is_chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("focus" if self.hasFocus() else "accent"))
            painter.drawRoundedRect(rect, theme.radius, theme.radius)
        painter.end()

    def enterEvent(self, event: QEvent) -> None:  # noqa: N802
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.update()

    # --- the rest

    def _finish_renaming(self, is_kept: bool) -> None:
        name = self.edit.text().strip()
        self.setFocus()
        if is_kept and name and name != self.anomaly.name:
            self.renamed.emit(name)

    def _ask_for_menu(self) -> None:
        self.menu_requested.emit(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _arrange(self) -> None:
        self._name_place.addWidget(self.name)
        self._name_place.addWidget(self.edit)
        self._name_place.setFixedHeight(self.edit.sizeHint().height())
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name_place)
        texts.addWidget(self.counts)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(2), space(1), space(1), space(2))
        row.setSpacing(space(3))
        row.addWidget(self._spot, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignVCenter)


class _Spot(QWidget):
    """The colour of a class, with its key."""

    def __init__(self, anomaly: AnomalyClass, icons: Icons) -> None:
        super().__init__()
        self._anomaly, self._icons = anomaly, icons
        self.setFixedSize(_SPOT, _SPOT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        paint_class_spot(painter, self.size(), self._anomaly, self._icons)
        painter.end()
