import msgspec
import pytest

from engine.errors import EngineError
from engine.geometry import Box
from engine.project import PlacedBox, Project

BOX = Box(center_x=20, center_y=15.5, width=10, height=6, angle_deg=30)


def test_boxes_are_kept_in_their_order(product: Project) -> None:
    first, second = product.photos("good")[:2]
    product.add_anomaly("dent")
    a = product.add_box(first.id, "crack", BOX)
    b = product.add_box(first.id, "Dent", BOX.moved(3, 2))
    c = product.add_box(second.id, "crack", BOX)
    assert b.anomaly == "dent"
    assert product.boxes() == [a, b, c]
    assert product.boxes(photo=first.path) == [a, b]
    assert product.boxes(anomaly="crack") == [a, c]
    product.remove_box(a.id)
    product.remove_box(a.id)
    assert product.boxes() == [b, c]
    product.close()
    with Project.open(product.folder) as again:
        assert again.boxes()[0].box == BOX.moved(3, 2)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Box(center_x=20, center_y=20, width=0, height=5), "no area"),
        (Box(center_x=20, center_y=20, width=5, height=-1), "no area"),
        (Box(center_x=float("nan"), center_y=20, width=5, height=5), "not made of finite numbers"),
        (Box(center_x=20, center_y=20, width=0.5, height=5), r"000\.png, 0\.5×5 pixels, is thinner than 2"),
        (Box(center_x=60, center_y=20, width=5, height=5), "outside the photo"),
        (Box(center_x=20, center_y=-5, width=5, height=9), "outside the photo"),
        (Box(center_x=24, center_y=20, width=50, height=5), "larger than the photo"),
        (Box(center_x=24, center_y=20, width=45, height=5, angle_deg=90), "larger than the photo"),
    ],
)
def test_boxes_that_cannot_be_used(product: Project, box: Box, words: str) -> None:
    with pytest.raises(EngineError, match=words) as caught:
        product.add_box(product.photos("good")[0].id, "crack", box)
    assert "48×40" in caught.value.hint
    assert product.boxes() == []


def test_a_box_with_its_centre_outside_the_photo_can_be_used(product: Project) -> None:
    """Enough of it lies on the photo, as for the engine."""
    photo = product.photos("good")[0]
    placed = product.add_box(photo.id, "crack", Box(center_x=20, center_y=-3, width=5, height=9))
    assert product.boxes() == [placed]


def test_unknown_photos_and_classes(product: Project) -> None:
    with pytest.raises(EngineError, match="no photo number 999"):
        product.add_box(999, "crack", BOX)
    with pytest.raises(EngineError, match="no anomaly class 'crick'"):
        product.add_box(product.photos("good")[0].id, "crick", BOX)


# --- changing and restoring ------------------------------------------------------------------------------


def test_a_box_is_moved_and_locked_and_stays_itself(product: Project) -> None:
    placed = product.add_box(product.photos("good")[0].id, "crack", BOX)
    other = product.add_box(product.photos("good")[0].id, "crack", BOX)
    assert not placed.is_locked
    moved = product.change_box(placed.id, BOX.moved(3, 2))
    assert moved == PlacedBox(id=placed.id, photo=placed.photo, anomaly="crack", box=BOX.moved(3, 2))
    locked = product.lock_box(placed.id, True)
    assert locked.is_locked
    assert product.boxes() == [locked, other]
    assert product.lock_box(placed.id, False) == moved
    assert product.boxes() == [moved, other]


def test_a_removed_box_comes_back_as_it_was(product: Project) -> None:
    placed = [product.add_box(product.photos("good")[0].id, "crack", BOX.moved(n, 0)) for n in range(3)]
    locked = product.lock_box(placed[1].id, True)
    product.remove_box(locked.id)
    assert product.boxes() == [placed[0], placed[2]]
    assert product.restore_box(locked) == locked
    assert product.boxes() == [placed[0], locked, placed[2]]
    with pytest.raises(EngineError, match=f"box number {locked.id} already"):
        product.restore_box(locked)


def test_changes_that_cannot_be_made_leave_the_box(product: Project) -> None:
    placed = product.add_box(product.photos("good")[0].id, "crack", BOX)
    with pytest.raises(EngineError, match="outside the photo"):
        product.change_box(placed.id, BOX.moved(100, 0))
    assert product.boxes() == [placed]
    for change in (
        lambda: product.change_box(99, BOX),
        lambda: product.lock_box(99, True),
        lambda: product.set_box_anomaly(99, "crack"),
    ):
        with pytest.raises(EngineError, match="no box number 99"):
            change()
    gone = msgspec.structs.replace(placed, id=7, photo="photos/good/none.png")
    with pytest.raises(EngineError, match=r"no photo photos/good/none\.png"):
        product.restore_box(gone)


def test_a_box_gets_another_class_and_stays_itself(product: Project) -> None:
    product.add_anomaly("Dent")
    placed = product.add_box(product.photos("good")[0].id, "crack", BOX, origin="photos/test/crack/001.png")
    product.lock_box(placed.id, True)
    labeled = product.set_box_anomaly(placed.id, "dent")
    assert labeled == msgspec.structs.replace(placed, anomaly="Dent", is_locked=True)
    assert product.boxes() == [labeled]
    with pytest.raises(EngineError, match="no anomaly class 'dint'"):
        product.set_box_anomaly(placed.id, "dint")
    assert product.boxes(anomaly="Dent") == [labeled]
