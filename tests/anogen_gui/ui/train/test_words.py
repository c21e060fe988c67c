"""What the page says of what it learns from, and why it cannot."""

from pathlib import Path

import pytest

from anogen_gui.model.training_plan import Material, material_words, refusal
from engine.protocol import TrainSettings

MUCH = Material(goods=110, held_out=8, accepted=37, undecided=4)


@pytest.mark.parametrize(
    ("material", "settings", "words"),
    [
        (
            MUCH,
            TrainSettings(),
            "110 good photos, 8 of them held out for the threshold; 37 accepted samples; drawn textures",
        ),
        (
            Material(goods=1, accepted=1, undecided=2, takes_all=True),
            TrainSettings(textures="/dtd"),
            "1 good photo; 1 accepted sample and 2 without a verdict; textures from the folder",
        ),
        (Material(goods=2), TrainSettings(recipe="baseline"), "2 good photos; no samples; drawn textures"),
    ],
)
def test_what_it_learns_from(material: Material, settings: TrainSettings, words: str) -> None:
    assert material_words(material, settings) == words


@pytest.mark.parametrize(
    ("material", "settings", "said"),
    [
        (Material(), TrainSettings(recipe="baseline"), "no good photos"),
        (Material(goods=2), TrainSettings(), "no samples to train on"),
        (Material(goods=2, undecided=3), TrainSettings(), "No sample is accepted"),
        (MUCH, TrainSettings(textures="/nowhere/at/all"), "no folder /nowhere/at/all"),
        (MUCH, TrainSettings(detector="destseg"), "needs a ResNet-18"),
        (
            MUCH,
            TrainSettings(detector="destseg", teacher="/nowhere"),
            "no config.json and no model.safetensors",
        ),
    ],
)
def test_what_is_refused(material: Material, settings: TrainSettings, said: str) -> None:
    note = refusal(material, settings)
    assert note is not None
    assert said in note.message
    assert note.hint
    assert "`" not in note.hint


def test_nothing_is_refused_that_can_be_trained(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "model.safetensors").touch()
    assert refusal(MUCH, TrainSettings(detector="destseg", teacher=str(tmp_path))) is None
    assert refusal(Material(goods=1), TrainSettings(recipe="baseline")) is None
    assert refusal(Material(goods=1, undecided=1, takes_all=True), TrainSettings()) is None
