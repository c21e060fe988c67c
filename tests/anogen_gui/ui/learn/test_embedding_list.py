"""The list of embeddings."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.embedding_list import EmbeddingList, facts_of
from engine.project import EmbeddingRow


def row(number: int, steps: int = 500) -> EmbeddingRow:
    return EmbeddingRow(
        id=number, name=f"crack-{number}", anomaly="crack", path=f"embeddings/crack/{number}.safetensors",
        backbone="embedded", steps=steps, created=f"2020-05-0{number}T12:00:00+00:00", is_missing=False,
    )  # fmt: skip


@pytest.fixture
def listed(icons: Icons, qtbot: QtBot) -> EmbeddingList:
    made = EmbeddingList(icons)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_newest_comes_first_and_the_one_in_use_is_marked(listed: EmbeddingList) -> None:
    rows = [row(1), row(2), row(3)]
    listed.show_embeddings(rows, rows[1])
    assert [item.embedding.id for item in listed.rows()] == [3, 2, 1]
    assert [item.choice.isChecked() for item in listed.rows()] == [False, True, False]


def test_choosing_and_exporting_tell_which(listed: EmbeddingList, qtbot: QtBot) -> None:
    rows = [row(1), row(2)]
    listed.show_embeddings(rows, rows[1])
    with qtbot.waitSignal(listed.embedding_chosen) as chosen:
        listed.rows()[1].choice.click()
    assert chosen.args == [rows[0]]
    with qtbot.waitSignal(listed.export_wanted) as wanted:
        listed.rows()[0].export.click()
    assert wanted.args == [rows[1]]


def test_a_choice_that_failed_is_shown_as_it_is(listed: EmbeddingList) -> None:
    rows = [row(1), row(2)]
    listed.show_embeddings(rows, rows[1])
    listed.rows()[1].choice.click()
    listed.show_embeddings(rows, rows[1])
    assert [item.choice.isChecked() for item in listed.rows()] == [True, False]


def test_old_ones_are_behind_a_fold_except_the_one_in_use(listed: EmbeddingList, qtbot: QtBot) -> None:
    def seen() -> list[int]:
        return [item.embedding.id for item in listed.rows() if item.isVisible()]

    rows = [row(number) for number in range(1, 9)]
    listed.show_embeddings(rows, rows[0])
    qtbot.waitUntil(lambda: seen() == [8, 7, 6, 5, 4, 1])
    listed.show_embeddings(rows, rows[7])
    qtbot.waitUntil(lambda: seen() == [8, 7, 6, 5, 4])


def test_facts() -> None:
    assert facts_of(row(3)) == "500 steps · embedded · 3 May 2020"
    assert facts_of(row(3, steps=0)) == "Imported · embedded · 3 May 2020"
