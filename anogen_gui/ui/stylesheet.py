"""The look as one Qt style sheet, made from the tokens of a theme."""

from pathlib import Path
from string import Template

from anogen_gui.ui.palettes import Theme, space

_SHAPES = {
    "check": ("accent_text", "M3.2 8.4 6.5 11.6 12.8 4.8"),
    "dash": ("accent_text", "M4 8H12"),
    "down": ("text_dim", "M4.5 6.5 8 10 11.5 6.5"),
    "up": ("text_dim", "M4.5 9.5 8 6 11.5 9.5"),
    "right": ("text_dim", "M6.5 4.5 10 8 6.5 11.5"),
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path d="{}" fill="none"'
    ' stroke="{}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def write_shapes(folder: Path, theme: Theme) -> None:
    """Write the marks of check boxes and arrows, which a style sheet takes from files, in the theme's colours."""
    for name, (token, outline) in _SHAPES.items():
        path = folder / f"{name}-{theme.name}.svg"
        path.write_text(_SVG.format(outline, getattr(theme, token)), encoding="utf-8")


def stylesheet(theme: Theme, shapes: Path) -> str:
    """The style sheet of the application; `shapes` is the folder that `write_shapes` filled."""
    values = {token: getattr(theme, token) for token in Theme.__dataclass_fields__}
    values |= {f"space{step}": space(step) for step in range(1, 7)}
    values |= {f"shape_{name}": (shapes / f"{name}-{theme.name}.svg").as_posix() for name in _SHAPES}
    return Template(_TEXT + _BUTTONS + _FIELDS + _LISTS + _CARDS + _SHELL).substitute(values)


_TEXT = """
QToolTip {
    background: $surface_raised; color: $text; border: 1px solid $border; padding: 2px 4px;
}
TextLabel[role="display"] { font-size: ${font_display}px; font-weight: 600; }
TextLabel[role="heading"] { font-size: ${font_heading}px; font-weight: 600; }
TextLabel[role="title"] { font-size: ${font_title}px; font-weight: 600; }
TextLabel[role="strong"] { font-weight: 600; }
TextLabel[role="dim"] { color: $text_dim; }
TextLabel[role="small"] { color: $text_dim; font-size: ${font_small}px; }
TextLabel[role="bad"] { color: $bad; }
TextLabel:disabled { color: $text_disabled; }
SectionLabel { color: $text_dim; font-size: ${font_small}px; font-weight: 600; }
KeyCap {
    background: $surface_sunken; color: $text; border: 1px solid $border_strong; border-bottom-width: 2px;
    border-radius: ${radius_small}px; padding: 1px 6px; font-size: ${font_small}px; font-weight: 600;
}
Badge { border-radius: 9px; min-height: 22px; background: $surface_sunken; }
Badge TextLabel { font-size: ${font_small}px; font-weight: 600; color: $text_dim; }
Badge[tone="accent"] { background: $accent_soft; } Badge[tone="accent"] TextLabel { color: $accent; }
Badge[tone="good"] { background: $good_soft; } Badge[tone="good"] TextLabel { color: $good; }
Badge[tone="bad"] { background: $bad_soft; } Badge[tone="bad"] TextLabel { color: $bad; }
Badge[tone="warn"] { background: $warn_soft; } Badge[tone="warn"] TextLabel { color: $warn; }
Badge[tone="info"] { background: $info_soft; } Badge[tone="info"] TextLabel { color: $info; }
CountCell { border-radius: ${radius_small}px; }
CountCell[tone="good"] { background: $good_soft; }
CountCell[tone="bad"] { background: $bad_soft; }
CountCell[tone="warn"] { background: $warn_soft; }
"""

_BUTTONS = """
QPushButton {
    background: $surface_raised; color: $text; border: 1px solid $border_strong; border-radius: ${radius}px;
    padding: 0 ${space4}px; min-height: 30px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $focus; padding: 0 15px; min-height: 28px; }
QPushButton:disabled { color: $text_disabled; border-color: $border; background: $surface_sunken; }
QPushButton::menu-indicator { image: url("$shape_down"); subcontrol-position: right center; right: 8px; width: 16px; }
Button[has_icon="true"] { padding-left: 10px; } Button[has_icon="true"]:focus { padding-left: 9px; }
PrimaryButton { background: $accent; color: $accent_text; border: 1px solid $accent; font-weight: 600; }
PrimaryButton:hover { background: $accent_hover; border-color: $accent_hover; }
PrimaryButton:pressed { background: $accent_pressed; border-color: $accent_pressed; }
PrimaryButton:focus { border: 2px solid $text; padding: 0 15px; min-height: 28px; }
PrimaryButton:disabled { background: $pressed; color: $text_disabled; border-color: $pressed; }
QuietButton { background: transparent; border: 1px solid transparent; padding: 0 ${space3}px; }
QuietButton:focus { border: 2px solid $focus; padding: 0 11px; min-height: 28px; }
QuietButton[has_icon="true"] { padding-left: 6px; } QuietButton[has_icon="true"]:focus { padding-left: 5px; }
QuietButton:disabled { background: transparent; border-color: transparent; }
QToolButton {
    background: transparent; color: $text; border: 2px solid transparent; border-radius: ${radius}px; padding: 3px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; border-color: $accent; }
QToolButton:focus { border-color: $focus; }
QToolButton:disabled { color: $text_disabled; background: transparent; }
QToolButton::menu-indicator { image: none; }
QToolButton#fold { color: $text_dim; font-weight: 600; padding: 3px 8px 3px 2px; }
QToolButton#fold:checked { background: transparent; border-color: transparent; }
QToolButton#fold:hover { color: $text; background: $hover; }
QToolButton#fold:focus { border-color: $focus; }
Button#compact { min-height: 24px; padding: 0 10px; }
Button#compact:focus { min-height: 22px; padding: 0 9px; }
SegmentedControl { background: $surface_sunken; border: 1px solid $border; border-radius: ${radius}px; }
SegmentedControl QPushButton {
    background: transparent; color: $text_dim; border: 1px solid transparent; border-radius: 6px;
    padding: 0 ${space3}px; min-height: 24px; margin: 0;
}
SegmentedControl QPushButton:hover { color: $text; }
SegmentedControl QPushButton:checked {
    background: $surface_raised; color: $text; border: 1px solid $border_strong;
}
SegmentedControl QPushButton:focus { border: 2px solid $focus; padding: 0 11px; min-height: 22px; }
SegmentedControl QPushButton:disabled { color: $text_disabled; }
QCheckBox, QRadioButton { spacing: ${space2}px; min-height: 22px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator {
    width: 16px; height: 16px; background: $surface; border: 1px solid $border_strong; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$shape_check");
}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $accent; border-color: $accent; image: url("$shape_dash");
}
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 5px solid $accent; background: $accent_text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    background: $surface_sunken; border-color: $border;
}
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${radius}px;
    padding: 0 ${space2}px; min-height: 30px; selection-background-color: $selection;
    selection-color: $selection_text;
}
QPlainTextEdit, QTextEdit { padding: ${space2}px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $focus; padding: 0 7px; min-height: 28px;
}
QPlainTextEdit:focus, QTextEdit:focus { padding: 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $text_disabled; background: $surface_sunken; border-color: $border;
}
QLineEdit[invalid="true"] { border: 2px solid $bad; padding: 0 7px; min-height: 28px; }
QAbstractSpinBox { min-height: 27px; } QAbstractSpinBox:focus { min-height: 25px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 22px; border: none; background: transparent; border-radius: 6px; margin: 2px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-bottom: 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-top: 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url("$shape_up"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$shape_down"); width: 12px; height: 12px; }
QComboBox { padding-right: 26px; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$shape_down"); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
    background: $surface_raised; color: $text; border: 1px solid $border; padding: ${space1}px; outline: none;
}
QSlider:horizontal { min-height: 20px; } QSlider:vertical { min-width: 20px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { height: 4px; background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $surface_raised; border: 2px solid $accent; width: 12px; height: 12px; margin: -6px 0;
    border-radius: 8px;
}
QSlider::handle:horizontal:hover { background: $accent_soft; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $focus; }
QSlider::groove:vertical { width: 4px; background: $border; border-radius: 2px; }
QSlider::add-page:vertical { width: 4px; background: $accent; border-radius: 2px; }
QSlider::handle:vertical {
    background: $surface_raised; border: 2px solid $accent; width: 12px; height: 12px; margin: 0 -6px;
    border-radius: 8px;
}
QSlider::sub-page:horizontal:disabled, QSlider::add-page:vertical:disabled { background: $border_strong; }
QSlider::handle:disabled { border-color: $border_strong; }
QProgressBar { background: $pressed; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[tone="good"]::chunk { background: $good; }
QProgressBar[tone="bad"]::chunk { background: $bad; }
QProgressBar[tone="quiet"]::chunk { background: $border_strong; }
"""

_LISTS = """
QAbstractItemView {
    background: $surface; color: $text; border: none; outline: none; selection-background-color: $selection;
    selection-color: $selection_text;
}
QListView::item, QTreeView::item, QTableView::item { padding: 5px 8px; min-height: 18px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $selection; color: $selection_text;
}
QHeaderView { background: $surface; }
QHeaderView::section {
    background: $surface; color: $text_dim; border: none; border-bottom: 1px solid $border;
    padding: 6px 8px; font-size: ${font_small}px; font-weight: 600;
}
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-origin: border; subcontrol-position: top center; width: 12px; height: 12px;
}
QHeaderView::up-arrow { image: url("$shape_up"); } QHeaderView::down-arrow { image: url("$shape_down"); }
QTableView QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $border; }
QTableView { gridline-color: $border; }
QScrollArea, QAbstractScrollArea#plain { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 12px; } QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; }
QScrollBar::handle:hover { background: $text_dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu {
    background: $surface_raised; color: $text; border: 1px solid $border; padding: ${space1}px;
}
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $selection; color: $selection_text; }
QMenu::item:disabled { color: $text_disabled; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 16px; height: 16px; margin-left: 6px; }
QMenu::indicator:checked {
    background: $accent; border-radius: 4px; image: url("$shape_check");
}
QMenu::right-arrow { image: url("$shape_right"); width: 16px; height: 16px; margin-right: 6px; }
QMenuBar { background: $background; color: $text; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; } QMenuBar::item:pressed { background: $pressed; }
QTabBar::tab {
    background: transparent; color: $text_dim; padding: 6px 12px; border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom-color: $accent; }
QTabBar::tab:focus { border-bottom-color: $focus; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border; }
QDialog, QMessageBox { background: $background; }
"""

_CARDS = """
Card { background: $surface; border: 1px solid $border; border-radius: ${radius}px; }
Panel { background: $surface; border: none; }
Separator { background: $border; border: none; }
"""

_SHELL = """
Rail { background: $surface; border: none; border-right: 1px solid $border; }
RailButton { color: $text_dim; font-size: ${font_small}px; padding: 5px 2px 4px 2px; }
RailButton:hover { color: $text; }
RailButton:checked { background: $accent_soft; color: $text; border-color: transparent; font-weight: 600; }
RailButton:focus { border-color: $focus; }
StatusLine { background: $surface; border: none; border-top: 1px solid $border; }
QuietButton#status { font-size: ${font_small}px; min-height: 24px; padding: 0 8px 0 4px; }
QuietButton#status:focus { min-height: 22px; padding: 0 7px 0 3px; }
JobsPanel { border-left: 1px solid $border; }
JobRow { background: $surface; border: 1px solid $border; border-radius: ${radius}px; }
JobRow:focus { border: 2px solid $focus; }
QFrame#drop_mark { background: $accent; border-radius: 1px; }
QFrame#warning { background: $warn_soft; border: 1px solid $warn; border-radius: ${radius}px; }
QFrame#floating { background: $surface_raised; border: 1px solid $border; border-radius: ${radius_large}px; }
RecentButton { background: transparent; border: 2px solid transparent; border-radius: ${radius}px; min-height: 48px; }
RecentButton:hover { background: $hover; }
RecentButton:focus { border-color: $focus; min-height: 48px; }
RecentButton:disabled { background: transparent; border-color: transparent; }
"""
