"""What can be done with an anomaly class: rename it, another colour, another key, remove it."""

from collections.abc import Callable

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from anogen_gui.model.anomalies import Anomalies
from anogen_gui.model.class_colors import CLASS_COLORS
from anogen_gui.ui.icons import Icons
from engine.project import AnomalyClass

_SWATCH = 16
_DIGITS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)


def anomaly_menu(
    anomaly: AnomalyClass,
    anomalies: Anomalies,
    icons: Icons,
    rename: Callable[[], None],
    parent: QWidget,
) -> QMenu:
    """A menu for one class; it goes when it is closed."""
    menu = QMenu(parent)
    menu.addAction(icons.icon("mdi6.pencil-outline"), "Rename\tF2", rename)
    _add_colors(menu, anomaly, anomalies, icons, parent)
    _add_keys(menu, anomaly, anomalies, icons)
    menu.addSeparator()
    menu.addAction(icons.icon("mdi6.trash-can-outline"), "Remove", lambda: anomalies.remove(anomaly.name))
    return menu


def _add_colors(
    menu: QMenu, anomaly: AnomalyClass, anomalies: Anomalies, icons: Icons, parent: QWidget
) -> None:
    colors = menu.addMenu(icons.icon("mdi6.palette-outline"), "Colour")
    for name, color in CLASS_COLORS:
        action = colors.addAction(_swatch(color), name)
        action.setCheckable(True)
        action.setChecked(color == anomaly.color)
        action.triggered.connect(lambda _checked, color=color: anomalies.set_color(anomaly.name, color))
    colors.addSeparator()
    colors.addAction("Another colour…", lambda: _ask_for_color(anomaly, anomalies, parent))


def _add_keys(menu: QMenu, anomaly: AnomalyClass, anomalies: Anomalies, icons: Icons) -> None:
    keys = menu.addMenu(icons.icon("mdi6.keyboard-outline"), "Key")
    for digit in _DIGITS:
        other = anomalies.with_digit(digit)
        taken = f"   (now “{other.name}”)" if other is not None and other.name != anomaly.name else ""
        action = keys.addAction(f"{digit}{taken}")
        action.setCheckable(True)
        action.setChecked(digit == anomaly.digit)
        action.triggered.connect(lambda _checked, digit=digit: anomalies.set_digit(anomaly.name, digit))
    keys.addSeparator()
    none = keys.addAction("No key")
    none.setCheckable(True)
    none.setChecked(anomaly.digit is None)
    none.triggered.connect(lambda: anomalies.set_digit(anomaly.name, None))


def _ask_for_color(anomaly: AnomalyClass, anomalies: Anomalies, parent: QWidget) -> None:
    color = QColorDialog.getColor(QColor(anomaly.color), parent, f"Colour of “{anomaly.name}”")
    if color.isValid():
        anomalies.set_color(anomaly.name, color.name())


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(color))
    return QIcon(pixmap)
