"""Counted things, and hints without commands."""

import re
from pathlib import Path

import pytest

import engine
from anogen_gui.model.wording import count_of, in_window


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("", ""),
        ("Choose another photo.", "Choose another photo."),
        ("Check the path; e.g. a folder. It may be gone", "Check the path; e.g. a folder. It may be gone"),
        ("Import it again with `anogen import`.", "Import photos on the page Photos."),
        ("Check the path. Or run `anogen generate`.", "Check the path. Generate some on the page Place."),
        ("Run `anogen verdicts`; for a plain folder, say more.", "For a plain folder, say more."),
        ("Look into it with `anogen status /a/b`.", "Open it with “Open project” in the menu File."),
        ("`anogen status /a/b --rebuild` makes a new one.", ""),
        (
            "Import it with its mask: `anogen import PROJECT PHOTO --mask MASK`.",
            "Paint its mask on the page Photos.",
        ),
        ("Choose a folder (see `anogen backbone check`).", "Choose a folder."),
        ("`anogen evaluate /a/b run` does that.", "Measure it on the page Train."),
        ("Say so with `--role good`, `--role bad` or `--role test`.", "Say what the photos are."),
    ],
)
def test_commands_give_way_to_what_the_window_offers(hint: str, shown: str) -> None:
    assert in_window(hint) == shown


def test_a_hint_that_was_told_already_stays_as_it_is() -> None:
    once = in_window("Check the path. Or run `anogen learn PROJECT`.")
    assert in_window(once) == once


def test_hints_of_the_engine_do_not_go_silent() -> None:
    """Every error that a project or an embedding raises with a command tells the window's person what to do too."""
    package = Path(engine.__file__).parent
    sources = [*(package / "project").glob("*.py"), package / "diffusion" / "embedding.py"]
    hints = [
        hint
        for source in sources
        for hint in re.findall(r'f?"([^"\n]*`(?:anogen |--)[^"\n]*)"', source.read_text("utf-8"))
        if "--rebuild" not in hint
    ]
    assert len(hints) > 10
    assert [hint for hint in hints if not in_window(hint)] == []


def test_things_are_counted() -> None:
    assert [count_of(count, "sample") for count in (0, 1, 2)] == ["0 samples", "1 sample", "2 samples"]
    assert [count_of(count, "box") for count in (1, 3)] == ["1 box", "3 boxes"]
