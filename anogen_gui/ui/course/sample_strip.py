"""The strip: what an embedding draws, or a detector sees, after some steps, each step a column that can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from anogen_gui.model.learning_course import StripColumn
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.palettes import space

_GAP = 10
_RING = 3


@dataclass(frozen=True)
class StripLook:
    """How the columns of a strip look; lengths are logical pixels.

    Attributes:
        name: what the strip is called, and `noun` what its pictures are.
        tip: what is said of a column.
        pixels: the longer side of a picture, at most.
        aspect: width over height of a column, whose height is `least` to `most`.
        in_view: how many there are where they are not too small or large: half of one says that there is more.
    """

    name: str
    noun: str
    tip: Callable[[StripColumn], str]
    pixels: int = 320
    aspect: float = 1.0
    least: int = 112
    most: int = 216
    in_view: float = 6.5


class SampleStrip(QScrollArea):
    """Columns side by side, the latest at the right; click or arrow keys choose one, a double click or Enter uses it.

    Signals:
        step_chosen(step)
        step_used(step): the person wants the embedding of this step.
    """

    step_chosen = Signal(int)
    step_used = Signal(int)

    def __init__(
        self,
        icons: Icons,
        thumbnails: Thumbnails,
        look: StripLook,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = _Columns(icons, thumbnails, look)
        self._columns.step_chosen.connect(self._choose)
        self._columns.step_used.connect(self.step_used)
        self.setWidget(self._columns)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._columns)
        self.horizontalScrollBar().rangeChanged.connect(self._follow)
        self._is_at_end = True
        self.horizontalScrollBar().valueChanged.connect(self._note_end)
        self._arrange()

    @property
    def chosen(self) -> int | None:
        """The step that is chosen."""
        return self._columns.chosen

    def show_strip(self, project: Path, columns: tuple[StripColumn, ...], in_use: int | None) -> None:
        """Show the columns of a run; a new one comes into view where the end was in view."""
        self._columns.show_strip(project, columns, in_use)
        self._arrange()

    def set_aspect(self, aspect: float) -> None:
        """Width over height of a column, other than the look has it."""
        if aspect != self._columns.look.aspect:
            self._columns.look = replace(self._columns.look, aspect=aspect)
            self._arrange()

    def choose(self, step: int | None) -> None:
        """Choose a step without a signal; None for no step."""
        self._columns.choose(step)

    def steps(self) -> list[int]:
        """The steps of the columns."""
        return self._columns.steps()

    def columns(self) -> "_Columns":
        """What is painted and has the keyboard."""
        return self._columns

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's names from here on
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = self._columns.look
        height = self.viewport().width() / look.in_view / look.aspect
        self._columns.set_height(round(max(look.least, min(look.most, height))))
        self.setFixedHeight(self._columns.height() + self.horizontalScrollBar().sizeHint().height())

    def _choose(self, step: int) -> None:
        box = self._columns.box_of(step)
        self.ensureVisible(box.center().x(), box.center().y(), box.width(), 0)
        self.step_chosen.emit(step)

    def _note_end(self, position: int) -> None:
        self._is_at_end = position >= self.horizontalScrollBar().maximum()

    def _follow(self, _minimum: int, maximum: int) -> None:
        if self._is_at_end:
            self.horizontalScrollBar().setValue(maximum)


class _Columns(QWidget):
    step_chosen = Signal(int)
    step_used = Signal(int)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, look: StripLook) -> None:
        super().__init__()
        self._icons, self._thumbnails, self.look = icons, thumbnails, look
        self._project = Path()
        self._strip: tuple[StripColumn, ...] = ()
        self._in_use: int | None = None
        self._hovered: int | None = None
        self._height = look.least
        self.chosen: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(look.name)
        thumbnails.made.connect(self._show_made)
        icons.theme_changed.connect(lambda: self.update())

    def show_strip(self, project: Path, strip: tuple[StripColumn, ...], in_use: int | None) -> None:
        if (project, strip, in_use) == (self._project, self._strip, self._in_use):
            return
        self._project, self._strip, self._in_use = project, strip, in_use
        if self.chosen not in self.steps():
            self.chosen = None
        self._fit()

    def choose(self, step: int | None) -> None:
        self.chosen = step if step in self.steps() else None
        self._say()
        self.update()

    def set_height(self, height: int) -> None:
        """Of the pictures."""
        self._height = height
        self._fit()

    def box_of(self, step: int) -> QRect:
        """Where the picture of a step lies."""
        return self._box(self.steps().index(step))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's names from here on
        index = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._choose_at(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        event.accept()  # what a click does was done when it began

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._use()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._hover(self._index_at(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        self._hover(None)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        last = len(self._strip) - 1
        at = self.steps().index(self.chosen) if self.chosen is not None else None
        targets = {
            Qt.Key.Key_Left: last if at is None else at - 1,
            Qt.Key.Key_Right: 0 if at is None else at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
        elif event.key() in targets and last >= 0:
            self._choose_at(max(0, min(last, targets[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform, True
        )
        font = QFont(self.font())
        font.setPixelSize(self._icons.theme.font_small)
        painter.setFont(font)
        for index in range(len(self._strip)):
            if self._box(index).adjusted(-_GAP, -_GAP, _GAP, self._label_height()).intersects(event.rect()):
                self._paint_column(painter, index)
        painter.end()

    def _paint_column(self, painter: QPainter, index: int) -> None:
        theme, column, box = self._icons.theme, self._strip[index], self._box(index)
        shape = QPainterPath()
        shape.addRoundedRect(box.toRectF(), theme.radius_small, theme.radius_small)
        painter.fillPath(shape, theme.color("canvas"))
        painter.save()
        painter.setClipPath(shape)
        painter.setOpacity(1.0 if column.can_be_used else 0.45)
        image = self._thumbnails.get(Wanted(self._project / column.path, self.look.pixels))
        if image is not None and not image.isNull():
            size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            target = QRect(QPoint(), size)
            target.moveCenter(box.center())
            painter.drawImage(target, image)
        painter.restore()
        self._paint_ring(painter, index, box)
        self._paint_label(painter, column, box)

    def _paint_ring(self, painter: QPainter, index: int, box: QRect) -> None:
        theme, is_chosen = self._icons.theme, self._strip[index].step == self.chosen
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_chosen:
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "accent"), _RING))
        elif index == self._hovered:
            painter.setPen(QPen(theme.color("border_strong"), 2))
        else:
            return
        around = box.toRectF().adjusted(-_RING, -_RING, _RING, _RING)
        painter.drawRoundedRect(around, theme.radius, theme.radius)

    def _paint_label(self, painter: QPainter, column: StripColumn, box: QRect) -> None:
        theme = self._icons.theme
        label = QRect(box.left(), box.bottom() + space(2), box.width(), QFontMetrics(painter.font()).height())
        text = f"Step {column.step}"
        if column.step != self._in_use:
            painter.setPen(theme.color("text" if column.step == self.chosen else "text_dim"))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
            return
        text += ", in use"
        side = theme.icon_small
        width = side + space(1) + QFontMetrics(painter.font()).horizontalAdvance(text)
        label.setLeft(label.left() + max(0, (label.width() - width) // 2))
        icon = self._icons.icon("mdi6.check-circle", "good")
        icon.paint(
            painter, label.left(), label.top(), side, side, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal
        )
        label.setLeft(label.left() + side + space(1))
        painter.setPen(theme.color("good"))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def _fit(self) -> None:
        margin = _RING + 1
        width = len(self._strip) * (self._width + _GAP) + 2 * margin
        self.setFixedSize(QSize(max(1, width), self._height + 2 * margin + self._label_height()))
        self._say()
        self.update()

    def _box(self, index: int) -> QRect:
        margin = _RING + 1
        return QRect(margin + index * (self._width + _GAP), margin, self._width, self._height)

    @property
    def _width(self) -> int:
        return round(self._height * self.look.aspect)

    def _label_height(self) -> int:
        return self.fontMetrics().height() + space(2)

    def _index_at(self, point: QPoint) -> int | None:
        return next((i for i in range(len(self._strip)) if self._box(i).contains(point)), None)

    def _hover(self, index: int | None) -> None:
        if index == self._hovered:
            return
        self._hovered = index
        column = self._strip[index] if index is not None else None
        self.setCursor(Qt.CursorShape.ArrowCursor if column is None else Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.look.tip(column) if column is not None else "")
        self.update()

    def _choose_at(self, index: int) -> None:
        step = self._strip[index].step
        if step != self.chosen:
            self.choose(step)
            self.step_chosen.emit(step)

    def _use(self) -> None:
        column = next((column for column in self._strip if column.step == self.chosen), None)
        if column is not None and column.can_be_used:
            self.step_used.emit(column.step)

    def steps(self) -> list[int]:
        return [column.step for column in self._strip]

    def _say(self) -> None:
        chosen = f", step {self.chosen} is chosen" if self.chosen is not None else ""
        self.setAccessibleDescription(f"{len(self._strip)} {self.look.noun}{chosen}")

    def _show_made(self, wanted: Wanted) -> None:
        if any(self._project / column.path == wanted.file for column in self._strip):
            self.update()
