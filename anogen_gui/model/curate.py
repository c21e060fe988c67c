"""Curating: which samples are seen, which one is current, and what is thought of them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.sample_filter import SampleFilter, Sorting, choose
from anogen_gui.model.samples import Samples
from anogen_gui.model.tally import Tally, VerdictCounts, Waiting
from engine.project import SampleRow, Verdict


@dataclass(frozen=True)
class Selection:
    """The sample that is looked at (None: there is none), and those that a verdict is given to, if others."""

    current: int | None = None
    chosen: frozenset[int] = frozenset()

    @classmethod
    def only(cls, sample_id: int | None) -> "Selection":
        """That sample alone."""
        return cls(sample_id, frozenset(() if sample_id is None else (sample_id,)))


class CurateModel(QObject):
    """The samples that match a filter, and the work on them.

    What is seen stays where it is under the hands of who judges: a sample that was judged stays in its place although
    the filter asks for undecided ones, and new samples wait (`Waiting`) until `refresh`, unless they come at the end.

    Attributes:
        advances: judging one sample goes on to the next undecided one.

    Signals:
        visible_changed(): other samples are seen, or in another order.
        updated(ids): these are judged, or written again.
        selection_changed(Selection)
        counts_changed(VerdictCounts)
        waiting_changed(Waiting)
        filter_changed(): filter or sorting.
    """

    visible_changed = Signal()
    updated = Signal(object)
    selection_changed = Signal(object)
    counts_changed = Signal(object)
    waiting_changed = Signal(object)
    filter_changed = Signal()

    def __init__(self, samples: Samples, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.advances = True
        self._samples = samples
        self._filter = SampleFilter()
        self._sorting: Sorting = "newest"
        self._visible: tuple[int, ...] = ()
        self._places: dict[int, int] = {}
        self._selection = Selection()
        self._counts = VerdictCounts()
        self._waiting = Waiting()
        self._tally = Tally()
        self._is_judging = False
        samples.added.connect(self._take_added)
        samples.judged.connect(self._take_judged)
        samples.rewritten.connect(self._take_changed)
        samples.reset.connect(self.refresh)
        self.refresh()

    # --- what is seen

    @property
    def visible(self) -> tuple[int, ...]:
        """The numbers of the samples that are seen, in order."""
        return self._visible

    @property
    def filter(self) -> SampleFilter:
        return self._filter

    @property
    def sorting(self) -> Sorting:
        return self._sorting

    @property
    def counts(self) -> VerdictCounts:
        """Of all samples that match the filter, whatever their verdict."""
        return self._counts

    @property
    def waiting(self) -> Waiting:
        return self._waiting

    @property
    def is_empty(self) -> bool:
        """There are no samples at all."""
        return not self._samples.all()

    def sample(self, sample_id: int | None) -> SampleRow | None:
        return None if sample_id is None else self._samples.get(sample_id)

    def place(self, sample_id: int | None) -> int | None:
        """Where in `visible` a sample is; None where it is not seen."""
        return None if sample_id is None else self._places.get(sample_id)

    def set_filter(self, wanted: SampleFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.filter_changed.emit()
            self.refresh()

    def set_sorting(self, sorting: Sorting) -> None:
        if sorting != self._sorting:
            self._sorting = sorting
            self.filter_changed.emit()
            self.refresh()

    def refresh(self) -> None:
        """Look at what matches now; the current sample stays, or gives way to the next one that is still seen."""
        samples = self._samples.all()
        visible = choose(samples, self._filter, self._sorting)
        self._tally = Tally(samples, self._filter, visible)
        self._show(visible)
        self._tell()

    # --- the current sample and the chosen ones

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def current(self) -> SampleRow | None:
        return self.sample(self._selection.current)

    @property
    def targets(self) -> tuple[int, ...]:
        """What a verdict is given to, in the order of `visible`: the chosen samples, else the current one."""
        if self._selection.chosen:
            return tuple(sorted(self._selection.chosen, key=self._places.__getitem__))
        return () if self._selection.current is None else (self._selection.current,)

    def select(self, selection: Selection) -> None:
        """All of it must be visible."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def move(self, step: int) -> None:
        """Go `step` samples on (negative: back), to that one alone; nowhere where that many are not left."""
        place = self.place(self._selection.current)
        wanted = 0 if place is None else place + step
        if 0 <= wanted < len(self._visible):
            self.go_to(wanted)

    def go_to(self, place: int) -> None:
        """Go to the sample at this place (negative: from the end), to that one alone. Raises IndexError."""
        self.select(Selection.only(self._visible[place]))

    def next_undecided(self) -> int | None:
        """The next undecided sample after the current one, going round; None where there is no other."""
        start = self.place(self._selection.current)
        start = -1 if start is None else start
        for sample_id in self._visible[start + 1 :] + self._visible[: max(start, 0)]:
            sample = self._samples.get(sample_id)
            if sample is not None and sample.verdict == "undecided":
                return sample_id
        return None

    def neighbours(self) -> tuple[int, ...]:
        """The samples that are likely to be looked at next, the likeliest first."""
        place = self.place(self._selection.current)
        if place is None:
            return ()
        beside = [self._visible[near] for near in (place + 1, place - 1) if 0 <= near < len(self._visible)]
        following = self.next_undecided() if self.advances else None
        return tuple(dict.fromkeys(beside if following is None else [following, *beside]))

    # --- what is thought of them

    def judge(self, verdict: Verdict) -> None:
        """Give the chosen samples a verdict; after a single one, go on to the next undecided one."""
        targets = self.targets
        if not self._change(lambda: self._samples.set_verdict(targets, verdict)):
            return
        following = self.next_undecided() if self.advances and len(targets) == 1 else None
        if following is not None:
            self.select(Selection.only(following))

    def star(self, stars: int) -> None:
        """Give the chosen samples 1 to 5 stars, or 0 for none."""
        targets = self.targets
        self._change(lambda: self._samples.set_stars(targets, stars))

    def _change(self, change: Callable[[], bool]) -> bool:
        self._is_judging = True
        try:
            return bool(self.targets) and change()
        finally:
            self._is_judging = False

    # --- what the samples tell

    def _take_changed(self, sample_ids: tuple[int, ...]) -> None:
        self._count(sample_ids)
        self._tell()
        self.updated.emit(sample_ids)

    def _take_judged(self, sample_ids: tuple[int, ...]) -> None:
        self._take_changed(sample_ids)
        if not self._visible and not self._is_judging:
            self.refresh()  # one that matches again is there to be seen
        first = next((sample_id for sample_id in sample_ids if sample_id in self._places), None)
        if first is not None and not self._is_judging:  # undone or done again: show what that was
            self.select(Selection.only(first))

    def _take_added(self, sample_ids: tuple[int, ...]) -> None:
        self._count(sample_ids)
        if self._sorting == "oldest" or not self._visible:
            came = self._tally.see_new()
            self._show(self._visible + (came if self._sorting == "oldest" else came[::-1]))
        self._tell()

    def _count(self, sample_ids: tuple[int, ...]) -> None:
        self._tally.put([sample for sample in map(self._samples.get, sample_ids) if sample is not None])

    def _tell(self) -> None:
        counts, waiting = self._tally.counts, self._tally.waiting
        if counts != self._counts:
            self._counts = counts
            self.counts_changed.emit(counts)
        if waiting != self._waiting:
            self._waiting = waiting
            self.waiting_changed.emit(waiting)

    def _show(self, visible: tuple[int, ...]) -> None:
        former = self._selection
        current = _nearest(self._visible, self.place(former.current) or 0, visible)
        chosen = former.chosen & frozenset(visible)
        selection = Selection(current, chosen) if current in chosen else Selection.only(current)
        self._selection = selection  # before anybody is told: what is chosen is always visible
        if visible != self._visible:
            self._visible = visible
            self._places = {sample_id: place for place, sample_id in enumerate(visible)}
            self.visible_changed.emit()
        if selection != former:
            self.selection_changed.emit(selection)


def _nearest(former: tuple[int, ...], place: int, visible: tuple[int, ...]) -> int | None:
    """The sample at `place` of `former` where it is among `visible`, else the next one that is, else one before it."""
    seen = frozenset(visible)
    near = (*former[place:], *reversed(former[:place]), *visible)
    return next((sample_id for sample_id in near if sample_id in seen), None)
