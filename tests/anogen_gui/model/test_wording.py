"""Hints without commands."""

import pytest

from anogen_gui.model.wording import without_commands


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("", ""),
        ("Choose another photo.", "Choose another photo."),
        ("Import it again with `anogen import`.", ""),
        ("Check the path. Or run `anogen status`.", "Check the path."),
        ("Run `anogen status`; for a plain folder, say more.", "For a plain folder, say more."),
    ],
)
def test_sentences_with_commands_are_left_out(hint: str, shown: str) -> None:
    assert without_commands(hint) == shown
