from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.protocol import LearnJob, Started, SupportPhoto
from tests.engine.project.product import (
    imported,
    run_import,
    write_embedding,
    write_mvtec,
    write_photo,
    write_sample,
)


def test_classes_get_a_colour_and_a_digit_each(project: Project) -> None:
    names = [f"kind {number}" for number in range(12)]
    for name in names:
        project.add_anomaly(name)
    classes = project.anomalies()
    assert [known.name for known in classes] == names
    assert [known.digit for known in classes] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, None, None]
    assert len({known.color for known in classes[:10]}) == 10


def test_a_class_is_added_once_whatever_its_case(project: Project) -> None:
    assert project.add_anomaly("Crack") == project.add_anomaly(" crack ")
    assert project.anomaly("CRACK").name == "Crack"


def test_an_unknown_class_suggests_the_nearest(project: Project) -> None:
    with pytest.raises(EngineError, match="no anomaly class 'crack'") as caught:
        project.anomaly("crack")
    assert "anogen import" in caught.value.hint
    project.add_anomaly("cracked")
    project.add_anomaly("blowhole")
    with pytest.raises(EngineError, match="no anomaly class 'crakced'") as caught:
        project.anomaly("crakced")
    assert caught.value.hint == "Did you mean 'cracked'?"
    with pytest.raises(EngineError, match="'zzz'") as caught:
        project.anomaly("zzz")
    assert caught.value.hint == "There is: 'blowhole', 'cracked'."


@pytest.mark.parametrize("name", ["", "  ", "...", "good", "OK", "x" * 81])
def test_names_that_cannot_be_a_class(project: Project, name: str) -> None:
    with pytest.raises(EngineError, match="cannot be"):
        project.add_anomaly(name)
    assert project.anomalies() == []


# --- renaming, colours, digits, removing -----------------------------------------------------------------


def test_a_renamed_class_keeps_what_is_of_it_and_what_is_told_of_it_later(product: Project) -> None:
    support = SupportPhoto(name="a", photo="a.png", mask="m.png")
    learn = LearnJob(project="P", anomaly="crack", supports=(support,))
    product.record(Started(title="x"), learn)
    product.rename_anomaly("crack", "Fissure")
    product.record(write_embedding(product.folder, anomaly="crack"), learn)
    product.record(write_sample(product.folder, "s1"))
    assert [anomaly.name for anomaly in product.anomalies()] == ["Fissure"]
    assert {photo.anomaly for photo in product.photos("test")} == {"", "Fissure"}
    assert [row.anomaly for row in product.embeddings()] == ["Fissure"]
    assert [row.anomaly for row in product.samples()] == ["Fissure"]
    assert [run.anomaly for run in product.runs()] == ["Fissure"]
    assert product.anomaly("Crack").name == "Fissure"


def test_renaming_back_and_forth(project: Project) -> None:
    first = project.add_anomaly("crack")
    for name in ("fissure", "crack", "Crack", "crack"):
        assert project.rename_anomaly(project.anomalies()[0].name, name).id == first.id
    assert project.anomalies() == [first]
    assert project.anomaly("fissure") == first


def test_a_new_class_can_have_the_former_name_of_another(project: Project) -> None:
    first = project.add_anomaly("crack")
    project.rename_anomaly("crack", "fissure")
    second = project.add_anomaly("crack")
    assert second.id != first.id
    assert project.anomaly("crack") == second
    project.rename_anomaly("crack", "dent")
    project.rename_anomaly("fissure", "crack")
    assert project.anomaly("crack").id == first.id


def test_files_of_a_former_name_are_imported_and_adopted_as_the_class(
    tmp_path: Path, product: Project
) -> None:
    product.rename_anomaly("crack", "fissure")
    source = write_mvtec(tmp_path / "source", cracked=5)
    told = imported(run_import(product, source))
    assert [event.anomaly for event in told if not event.already] == ["fissure"]
    write_photo(product.folder / "photos/test/crack/by-hand.png", 999)
    product.close()
    with Project.open(product.folder) as again:
        assert again.find_photo("by-hand").anomaly == "fissure"
        assert len(again.anomalies()) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("dent", "already"), ("good", "nothing is wrong"), ("", "cannot be"), ("d.nt", "share")],
)
def test_names_that_a_class_cannot_get(project: Project, name: str, words: str) -> None:
    project.add_anomaly("crack")
    project.add_anomaly("dent" if name != "d.nt" else "d.nt.")
    before = project.anomalies()
    with pytest.raises(EngineError, match=words):
        project.rename_anomaly("crack", name)
    assert project.anomalies() == before


def test_a_taken_digit_is_swapped(project: Project) -> None:
    for name in ("a", "b", "c"):
        project.add_anomaly(name)
    project.set_anomaly_digit("c", 1)
    assert {anomaly.name: anomaly.digit for anomaly in project.anomalies()} == {"a": 3, "b": 2, "c": 1}
    project.set_anomaly_digit("b", 0)
    project.set_anomaly_digit("a", None)
    project.set_anomaly_digit("a", 1)
    assert {anomaly.name: anomaly.digit for anomaly in project.anomalies()} == {"a": 1, "b": 0, "c": None}
    with pytest.raises(EngineError, match="10 is no digit"):
        project.set_anomaly_digit("a", 10)


def test_a_new_class_gets_a_free_digit_and_colour(project: Project) -> None:
    a, b = project.add_anomaly("a"), project.add_anomaly("b")
    project.remove_anomaly("a")
    c = project.add_anomaly("c")
    assert (c.digit, c.color) == (a.digit, a.color)
    assert project.anomalies() == [b, c]


def test_a_colour_is_kept_as_it_is_written(project: Project) -> None:
    project.add_anomaly("a")
    project.set_anomaly_color("a", "#12abEF")
    assert project.anomaly("a").color == "#12abEF"
    for wrong in ("red", "#12", "#12345g", "#1234567"):
        with pytest.raises(EngineError, match="no colour"):
            project.set_anomaly_color("a", wrong)


def test_a_class_is_removed_only_when_nothing_is_of_it(product: Project) -> None:
    product.add_anomaly("dent")
    placed = product.add_box(
        product.photos("good")[0].id, "dent", Box(center_x=9, center_y=9, width=5, height=5)
    )
    with pytest.raises(EngineError, match=r"'crack' cannot be removed: it has 4 photos\."):
        product.remove_anomaly("crack")
    with pytest.raises(EngineError, match=r"'dent' cannot be removed: it has 1 box\."):
        product.remove_anomaly("dent")
    product.remove_box(placed.id)
    product.remove_anomaly("dent")
    assert [anomaly.name for anomaly in product.anomalies()] == ["crack"]
    product.record(write_embedding(product.folder, anomaly="rust"))
    product.record(write_sample(product.folder, "s", anomaly="rust"))
    with pytest.raises(EngineError, match="it has 1 embedding, 1 sample"):
        product.remove_anomaly("rust")
