import pytest

from engine.errors import EngineError
from engine.project import Project


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
