"""Words on the screen."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Badge, ElidedLabel, KeyCap, ReportView, TextLabel
from anogen_gui.ui.palettes import LIGHT
from anogen_gui.ui.theme import ThemeModel


def text_colors(widget: TextLabel) -> str:
    return widget.palette().windowText().color().name()


def test_a_text_is_never_markup(qtbot: QtBot) -> None:
    label = TextLabel("<b>screw</b>")
    qtbot.addWidget(label)
    assert label.sizeHint().width() > TextLabel("screw").sizeHint().width() + 20


def test_roles_have_their_colors_and_follow_the_theme(qtbot: QtBot, theme_model: ThemeModel) -> None:
    label = TextLabel("text", "dim")
    qtbot.addWidget(label)
    label.show()
    assert text_colors(label) == LIGHT.text_dim
    label.show_role("bad")
    assert text_colors(label) == LIGHT.bad
    theme_model.choice = "dark"
    assert text_colors(label) == theme_model.theme.bad


def test_an_elided_label_shrinks_and_tells_the_whole_text(qtbot: QtBot, theme_model: ThemeModel) -> None:
    label = ElidedLabel("a very long name of a project " * 5)
    qtbot.addWidget(label)
    label.resize(80, 20)
    assert label.minimumSizeHint().width() == 0
    assert label.toolTip() == label.text()
    narrow = label.grab().toImage()
    label.resize(160, 20)
    assert label.grab().toImage().size() != narrow.size()
    label.setText("short")
    assert label.toolTip() == "short"


def test_a_badge_says_its_state_in_words_too(qtbot: QtBot, icons: Icons) -> None:
    badge = Badge(icons, "Running", "accent")
    qtbot.addWidget(badge)
    badge.show()
    assert (badge.text, badge.accessibleName()) == ("Running", "Running")
    badge.show_state("Failed", "bad")
    assert (badge.text, badge.accessibleName()) == ("Failed", "Failed")
    assert text_colors(badge.findChild(TextLabel)) == LIGHT.bad


def test_key_caps_write_keys_as_the_system_does(qtbot: QtBot, qapp: QApplication) -> None:
    for key, shown in (("Delete", "Del"), ("Ctrl+Z", "Ctrl+Z"), ("drag", "drag")):
        cap = KeyCap(key)
        qtbot.addWidget(cap)
        assert cap.text() == shown


def test_a_report_is_read_only_and_of_one_width(qtbot: QtBot, theme_model: ThemeModel) -> None:
    view = ReportView("iii\nmmm")
    qtbot.addWidget(view)
    assert view.isReadOnly()
    metrics = view.fontMetrics()
    assert metrics.horizontalAdvance("iii") == metrics.horizontalAdvance("mmm")
