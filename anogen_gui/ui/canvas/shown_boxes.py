"""The boxes that a canvas shows: as it was given them, which are selected, and where they are during a drag."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from anogen_gui.ui.canvas.targets import CanvasBox
from engine.geometry import Box


class ShownBoxes:
    """Boxes by number, in the order in which they were given. Knows no widget.

    Attributes:
        given: the boxes as they are in truth.
        changing: where some of them are during a drag.
        selected_ids: of boxes that are there.
    """

    def __init__(self) -> None:
        self.given: tuple[CanvasBox, ...] = ()
        self.changing: Mapping[int, Box] = {}
        self.selected_ids: frozenset[int] = frozenset()

    def give(self, boxes: Iterable[CanvasBox]) -> None:
        """Show these; what was selected and is still there stays selected."""
        self.given = tuple(boxes)
        self.select(self.selected_ids)

    def select(self, ids: Iterable[int]) -> bool:
        """Select these and no other; False where they are selected already."""
        before, self.selected_ids = self.selected_ids, frozenset(ids) & {each.id for each in self.given}
        return self.selected_ids != before

    def get(self, box_id: int) -> CanvasBox | None:
        """The box of this number, as it is given."""
        return next((each for each in self.given if each.id == box_id), None)

    @property
    def seen(self) -> tuple[CanvasBox, ...]:
        """All boxes where they are seen."""
        changing = self.changing
        return tuple(
            replace(each, box=changing[each.id]) if each.id in changing else each for each in self.given
        )

    @property
    def selected(self) -> tuple[CanvasBox, ...]:
        """The selected boxes where they are seen."""
        return tuple(each for each in self.seen if each.id in self.selected_ids)

    @property
    def has_lost_changing(self) -> bool:
        """Is a box that is being dragged no longer there?"""
        return not {each.id for each in self.given}.issuperset(self.changing)

    def changed(self) -> dict[int, Box]:
        """The boxes that are elsewhere than they were given."""
        return {
            each.id: self.changing[each.id]
            for each in self.given
            if each.id in self.changing and self.changing[each.id] != each.box
        }

    def originals(self) -> dict[int, Box]:
        """The boxes being dragged, as they were given."""
        return {each.id: each.box for each in self.given if each.id in self.changing}
