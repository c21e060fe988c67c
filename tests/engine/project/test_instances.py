import numpy as np
import pytest

from engine.geometry import Box, Window
from engine.project.instances import label_components, split_instances


def from_rows(*rows: str) -> np.ndarray:
    return np.array([[letter != "." for letter in row] for row in rows])


def test_components_by_hand() -> None:
    labels, count = label_components(
        from_rows(
            "##..#...",
            "..#.#..#",
            "....#.#.",
            "#...###.",
            "........",
            "########",
        )
    )
    assert count == 4
    assert labels[0, 0] == labels[1, 2] != 0
    assert labels[0, 4] == labels[1, 7] != 0
    assert labels[3, 0] not in (0, labels[0, 0], labels[0, 4])
    assert (labels[5] == labels[5, 0]).all()
    assert labels[4].tolist() == [0] * 8


@pytest.mark.parametrize("density", [0.02, 0.2, 0.4, 0.6, 0.95])
def test_components_are_those_of_an_independent_reference(density: float) -> None:
    measure = pytest.importorskip("skimage.measure")
    mask = np.random.default_rng(5).random((61, 47)) < density
    labels, count = label_components(mask)
    expected, number = measure.label(mask, connectivity=2, return_num=True)
    assert count == number
    assert len(set(zip(labels[mask].tolist(), expected[mask].tolist(), strict=True))) == count
    assert (labels[~mask] == 0).all()


def test_an_empty_mask_has_no_instances() -> None:
    assert label_components(np.zeros((4, 5), dtype=bool))[1] == 0
    assert (
        split_instances(np.zeros((4, 5), dtype=bool), [Box(center_x=1, center_y=1, width=1, height=1)]) == []
    )


def test_without_boxes_each_component_is_an_instance() -> None:
    mask = from_rows("##....", "##..##", "....##")
    first, second = split_instances(mask)
    assert (first.window, first.area) == (Window(0, 0, 2, 2), 4)
    assert (second.window, second.area) == (Window(4, 1, 2, 2), 4)
    np.testing.assert_array_equal(first.whole_mask() | second.whole_mask(), mask)


def test_the_pieces_in_a_box_are_one_instance() -> None:
    mask = from_rows("#.#......", ".........", "#......##", ".......##")
    left = Box(center_x=1.5, center_y=1.5, width=3, height=3)
    right = Box(center_x=8, center_y=3, width=2, height=2)
    nothing = Box(center_x=5, center_y=0, width=1, height=1)
    first, second = split_instances(mask, [nothing, left, right])
    assert (first.window, first.area) == (Window(0, 0, 3, 3), 3)
    assert (second.window, second.area) == (Window(7, 2, 2, 2), 4)
    assert first.mask.tolist() == [[True, False, True], [False] * 3, [True, False, False]]
