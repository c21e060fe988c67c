"""Small widgets that every page is built from; they know no model."""

from anogen_gui.ui.kit.buttons import Button, IconButton, PrimaryButton, QuietButton, with_key
from anogen_gui.ui.kit.choices import LabeledSlider, SegmentedControl
from anogen_gui.ui.kit.containers import Card, EmptyState, FlowLayout, Fold, Panel, ScrollPanel, Separator
from anogen_gui.ui.kit.dialogs import open_dialog
from anogen_gui.ui.kit.fields import ChoiceField, NumberField, SwitchField, TextField
from anogen_gui.ui.kit.form import SettingsForm
from anogen_gui.ui.kit.labels import (
    Badge,
    ElidedLabel,
    KeyCap,
    ReportView,
    SectionLabel,
    TextLabel,
    TextRole,
    Tone,
    restyle,
)

__all__ = [
    "Badge",
    "Button",
    "Card",
    "ChoiceField",
    "ElidedLabel",
    "EmptyState",
    "FlowLayout",
    "Fold",
    "IconButton",
    "KeyCap",
    "LabeledSlider",
    "NumberField",
    "Panel",
    "PrimaryButton",
    "QuietButton",
    "ReportView",
    "ScrollPanel",
    "SectionLabel",
    "SegmentedControl",
    "Separator",
    "SettingsForm",
    "SwitchField",
    "TextField",
    "TextLabel",
    "TextRole",
    "Tone",
    "open_dialog",
    "restyle",
    "with_key",
]
