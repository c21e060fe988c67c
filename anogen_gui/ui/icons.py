"""Icons: glyphs of qtawesome's Material Design font, painted as outlines in the theme's colours."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont
from PySide6.QtWidgets import QAbstractButton, QWidget

from anogen_gui.ui.theme import Theme, ThemeModel

_EM = 960  # the side of the square that an outline is kept in
_BASELINE = 840  # the glyphs stand on a grid of 24, of which 3 lie below the baseline
_PREFIX = "mdi6."


class Icons(QObject):
    """Icons that always have the colours of the current theme: they look them up whenever they are painted."""

    theme_changed = Signal(object)

    def __init__(self, theme_model: ThemeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tint = _Tint(theme_model.theme)
        theme_model.theme_changed.connect(self._follow)

    @property
    def theme(self) -> Theme:
        return self._tint.theme

    def icon(self, name: str, role: str = "text", checked_role: str = "") -> QIcon:
        """The icon `mdi6.name` in the colour token `role`, or `checked_role` while its button is checked.

        Raises:
            KeyError: the font has no such glyph.
        """
        return _made(self._tint, name, role, checked_role or role)

    def bind(
        self, target: QAbstractButton | QAction, name: str, role: str = "text", checked_role: str = ""
    ) -> None:
        """Give a button or an action an icon that follows the theme."""
        target.setIcon(self.icon(name, role, checked_role))
        if isinstance(target, QAbstractButton):
            target.setIconSize(QSize(self.theme.icon, self.theme.icon))

    def _follow(self, theme: Theme) -> None:
        self._tint.theme = theme
        self.theme_changed.emit(theme)


def icon(name: str, theme: Theme, role: str = "text") -> QIcon:
    """The icon `mdi6.name` in a colour of one theme, for pictures that do not change with the theme."""
    return _made(_fixed_tint(theme), name, role, role)


class IconLabel(QWidget):
    """An icon beside a text, of `size` logical pixels. It says nothing by itself: a text always stands next to it."""

    def __init__(
        self,
        icons: Icons,
        name: str,
        role: str = "text",
        size: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = icons.icon(name, role)
        side = size or icons.theme.icon
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, role: str = "text") -> None:
        self._icon = self._icons.icon(name, role)
        self.update()

    def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        painter = QPainter(self)
        self._icon.paint(painter, self.rect(), mode=mode)
        painter.end()


class _Tint:
    """The theme that icons take their colours from."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme


class _GlyphEngine(QIconEngine):
    """Fills a glyph's outline, at whatever size and resolution it is asked for."""

    def __init__(self, outline: QPainterPath, tint: _Tint, role: str, checked_role: str) -> None:
        super().__init__()
        self._outline, self._tint, self._role, self._checked_role = outline, tint, role, checked_role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = self._checked_role if state == QIcon.State.On else self._role
        if mode == QIcon.Mode.Disabled:
            role = "text_disabled"
        side = min(rect.width(), rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(
            QPointF(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        )
        painter.scale(side / _EM, side / _EM)
        painter.fillPath(self._outline, self._tint.theme.color(role))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        result = QPixmap(size)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return result

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._outline, self._tint, self._role, self._checked_role)


@cache
def _made(tint: _Tint, name: str, role: str, checked_role: str) -> QIcon:
    """An icon, made once and never given up: the copies that Qt keeps of it paint with its engine, a Python object."""
    return QIcon(_GlyphEngine(_outline(name), tint, role, checked_role))


@cache
def _fixed_tint(theme: Theme) -> _Tint:
    return _Tint(theme)


@cache
def _outline(name: str) -> QPainterPath:
    """The outline of `mdi6.name` in a square of `_EM`."""
    font, characters = _font()
    (glyph,) = font.glyphIndexesForString(characters[name.removeprefix(_PREFIX)])
    path = font.pathForGlyph(glyph)
    path.setFillRule(Qt.FillRule.WindingFill)
    return path.translated(0, _BASELINE)


@cache
def _font() -> tuple[QRawFont, dict[str, str]]:
    """The icon font and its characters by name.

    The files are read from the package's folder: importing qtawesome loads its twelve fonts and a second binding
    layer, which takes longer than the whole first paint may.
    """
    spec = find_spec("qtawesome")
    assert spec is not None
    assert spec.submodule_search_locations
    fonts = Path(spec.submodule_search_locations[0]) / "fonts"
    (font,) = fonts.glob("materialdesignicons6-webfont-[0-9]*.ttf")
    (names,) = fonts.glob("materialdesignicons6-webfont-charmap-*.json")
    codes: dict[str, str] = json.loads(names.read_bytes())
    return QRawFont(str(font), _EM), {name: chr(int(code, 16)) for name, code in codes.items()}
