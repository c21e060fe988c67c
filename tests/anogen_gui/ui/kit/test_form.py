"""Forms made from settings structs."""

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import (
    ChoiceField,
    Fold,
    NumberField,
    SegmentedControl,
    SettingsForm,
    SwitchField,
    TextField,
    TextLabel,
)
from engine.protocol import GenerateSettings, LearnSettings
from engine.protocol.settings import field_meta


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    kind: Annotated[Literal["a", "b"], field_meta("Kind", "Which `kind` it is.")] = "a"
    count: Annotated[int, Meta(ge=1, le=9), field_meta("Count", "How many.", "crops")] = 2
    rate: Annotated[Annotated[float, Meta(gt=0, lt=1)] | None, field_meta("Rate", "Unset: chosen.")] = None
    is_on: Annotated[bool, field_meta("On", "On or off.")] = False
    may_be: Annotated[bool | None, field_meta("May be", "Three states.")] = None
    word: Annotated[str, Meta(min_length=1), field_meta("Word", "A word.")] = "x"


@pytest.mark.parametrize("settings", [LearnSettings(), GenerateSettings()], ids=lambda s: type(s).__name__)
def test_every_setting_of_a_job_has_a_field_and_keeps_its_value(
    settings: msgspec.Struct, qtbot: QtBot, icons: Icons
) -> None:
    form = SettingsForm(settings, icons)
    qtbot.addWidget(form)
    assert form.value() == settings
    for name in settings.__struct_fields__:
        field = form.field(name)
        assert field.value == getattr(settings, name)
        assert field.accessibleName()
        assert field.toolTip()
        assert "`" not in field.toolTip()


def test_types_have_their_fields(qtbot: QtBot, icons: Icons) -> None:
    form = SettingsForm(Sample(), icons)
    qtbot.addWidget(form)
    kinds = {
        "kind": SegmentedControl,
        "count": NumberField,
        "rate": NumberField,
        "is_on": SwitchField,
        "may_be": ChoiceField,
        "word": TextField,
    }
    assert {name: type(form.field(name)) for name in kinds} == kinds


def test_ranges_are_those_of_the_struct(qtbot: QtBot, icons: Icons) -> None:
    form = SettingsForm(Sample(rate=0.5), icons)
    qtbot.addWidget(form)
    for name, low, high in (("count", 1, 9), ("rate", 1e-6, 1 - 1e-6)):
        for wanted, kept in ((-5, low), (50, high)):
            form.field(name).set_value(kept)
            value = form.value()
            assert getattr(value, name) == pytest.approx(kept)
            msgspec.convert(msgspec.to_builtins(value), Sample)
            field = form.field(name)
            assert isinstance(field, NumberField)
            assert field.maximum() < 50
            assert field.valueFromText(str(wanted)) >= low


def test_a_change_makes_a_new_struct_and_is_told_once(qtbot: QtBot, icons: Icons) -> None:
    form = SettingsForm(Sample(), icons)
    qtbot.addWidget(form)
    told: list[object] = []
    form.value_changed.connect(told.append)
    form.field("kind").set_value("b")
    form.field("may_be").set_value(False)
    form.field("is_on").set_value(True)
    assert told[-1] == form.value() == Sample(kind="b", may_be=False, is_on=True)
    assert len(told) == 3


def test_showing_other_settings_tells_nothing(qtbot: QtBot, icons: Icons) -> None:
    form = SettingsForm(Sample(), icons)
    qtbot.addWidget(form)
    told: list[object] = []
    form.value_changed.connect(told.append)
    other = Sample(kind="b", count=7, rate=0.25, is_on=True, may_be=True, word="y")
    form.set_value(other)
    assert form.value() == other
    assert {name: form.field(name).value for name in Sample.__struct_fields__} == msgspec.to_builtins(other)
    assert told == []


def test_fields_that_are_not_shown_keep_their_value(qtbot: QtBot, icons: Icons) -> None:
    form = SettingsForm(Sample(count=5, word="kept"), icons, shown=("kind",), more=("rate",))
    qtbot.addWidget(form)
    with pytest.raises(KeyError):
        form.field("count")
    form.field("rate").set_value(0.5)
    assert form.value() == Sample(count=5, word="kept", rate=0.5)
    fold = form.findChild(Fold)
    assert not fold.is_open
    assert fold.isAncestorOf(form.field("rate"))
    assert not fold.isAncestorOf(form.field("kind"))


def test_choices_that_are_known_only_now(qtbot: QtBot, icons: Icons) -> None:
    choices = {"word": [("x", "The x"), ("y", "The y")]}
    form = SettingsForm(Sample(word="y"), icons, choices=choices)
    qtbot.addWidget(form)
    field = form.field("word")
    assert isinstance(field, ChoiceField)
    assert field.currentText() == "The y"


def test_help_is_shown_where_it_is_wanted(qtbot: QtBot, icons: Icons) -> None:
    texts = []
    for show_help in (False, True):
        form = SettingsForm(Sample(), icons, show_help=show_help)
        qtbot.addWidget(form)
        texts.append({label.text() for label in form.findChildren(TextLabel)})
    assert texts[1] - texts[0] >= {"Which kind it is.", "How many."}


def test_a_type_without_a_field_is_refused(qtbot: QtBot, icons: Icons) -> None:
    class Odd(msgspec.Struct):
        parts: tuple[int, ...] = ()

    with pytest.raises(TypeError, match="No field edits"):
        SettingsForm(Odd(), icons)
