"""What a sample's file says it was made with."""

import json
from pathlib import Path

import numpy as np

from anogen_gui.model.sample_settings import sample_settings
from engine.data.images import save_png


def written(folder: Path, record: object) -> Path:
    file = folder / "sample.png"
    save_png(file, np.zeros((4, 5, 3), dtype=np.uint8), {"anogen": json.dumps(record)})
    return file


def test_settings_are_told_by_the_titles_that_they_have_in_forms(tmp_path: Path) -> None:
    settings = {"profile": "product", "steps": 12, "guidance": 5.0, "feather": 0.15, "count": 40, "seed": 1}
    file = written(tmp_path, {"backbone": "embedded", "device": "cpu", "settings": settings, "further": [1]})
    assert sample_settings(file) == (
        ("Backbone", "embedded"),
        ("Device", "cpu"),
        ("Profile", "product"),
        ("Sampler steps", "12"),
        ("Guidance", "5"),
        ("Feather", "0.15"),
    )


def test_what_was_not_chosen_is_not_told(tmp_path: Path) -> None:
    assert sample_settings(written(tmp_path, {"settings": {"steps": None, "later": True}})) == (
        ("later", "yes"),
    )


def test_files_that_say_nothing_are_no_error(tmp_path: Path) -> None:
    assert sample_settings(written(tmp_path, ["no record"])) == ()
    assert sample_settings(tmp_path / "nothing.png") == ()
