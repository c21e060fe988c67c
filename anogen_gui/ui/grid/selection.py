"""Which things of an ordered list are selected, and which one the keyboard is at."""

from collections.abc import Hashable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """A selection over `ids`, which keep their order; ranges go from the anchor, where the last one began.

    Signals:
        changed(): others are selected.
        current_changed(id): the keyboard is at another one, or at none.
    """

    changed = Signal()
    current_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[Hashable, ...] = ()
        self._index: dict[Hashable, int] = {}
        self._selected: frozenset[Hashable] = frozenset()
        self._current: Hashable | None = None
        self._anchor: Hashable | None = None

    @property
    def ids(self) -> tuple[Hashable, ...]:
        return self._ids

    @property
    def current(self) -> Hashable | None:
        return self._current

    @property
    def current_index(self) -> int | None:
        return self._index.get(self._current)

    @property
    def selected(self) -> tuple[Hashable, ...]:
        """In the order of the list."""
        return tuple(sorted(self._selected, key=self._index.__getitem__))

    @property
    def count(self) -> int:
        return len(self._selected)

    def index_of(self, id: Hashable) -> int | None:
        return self._index.get(id)

    def is_selected(self, id: Hashable) -> bool:
        return id in self._selected

    def set_ids(self, ids: Sequence[Hashable]) -> None:
        """Show another list: what is still there stays selected; the keyboard goes to the nearest that is left."""
        former_index = self.current_index
        self._ids = tuple(ids)
        self._index = {id: index for index, id in enumerate(self._ids)}
        self._set(self._selected & self._index.keys())
        if self._current not in self._index:
            nearest = min(former_index or 0, len(self._ids) - 1)
            self._set_current(self._ids[nearest] if former_index is not None and self._ids else None)
        if self._anchor not in self._index:
            self._anchor = self._current

    def select(self, ids: Iterable[Hashable]) -> None:
        """Select these alone; the keyboard goes to the first of them."""
        wanted = frozenset(ids) & self._index.keys()
        self._set(wanted)
        if wanted and self._current not in wanted:
            self._current_and_anchor(min(wanted, key=self._index.__getitem__))

    def select_only(self, id: Hashable) -> None:
        self._set(frozenset([id]))
        self._current_and_anchor(id)

    def toggle(self, id: Hashable) -> None:
        self._set(self._selected ^ {id})
        self._current_and_anchor(id)

    def extend_to(self, id: Hashable, keep: bool = False) -> None:
        """Select from the anchor to `id`, beside what is selected if `keep`."""
        start, end = self._index.get(self._anchor, self._index[id]), self._index[id]
        between = self._ids[min(start, end) : max(start, end) + 1]
        self._set(self._selected.union(between) if keep else frozenset(between))
        self._set_current(id)

    def move_to(self, id: Hashable) -> None:
        """Bring the keyboard here without selecting."""
        self._current_and_anchor(id)

    def select_all(self) -> None:
        self._set(frozenset(self._ids))

    def clear(self) -> None:
        self._set(frozenset())

    def _current_and_anchor(self, id: Hashable) -> None:
        self._anchor = id
        self._set_current(id)

    def _set_current(self, id: Hashable | None) -> None:
        if id != self._current:
            self._current = id
            self.current_changed.emit(id)

    def _set(self, selected: frozenset[Hashable]) -> None:
        if selected != self._selected:
            self._selected = selected
            self.changed.emit()
