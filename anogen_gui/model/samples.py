"""The samples of the open project, and what people think of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from engine.project import Project, SampleRow, Verdict

V = TypeVar("V")

_STEP_NAMES: dict[Verdict, str] = {
    "accepted": "Accept",
    "rejected": "Reject",
    "undecided": "Leave undecided",
}


class Samples(QObject):
    """All samples by number, kept in memory; verdicts and stars go through the history into the catalogue.

    Signals:
        added(ids): samples came, as a tuple of their numbers.
        judged(ids): these have another verdict or other stars.
        reset(): all may be others.
    """

    added = Signal(object)
    judged = Signal(object)
    reset = Signal()

    def __init__(self, project: Project, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._history = project, history
        self._by_id: dict[int, SampleRow] = {}
        self.reload()

    def reload(self) -> None:
        """Read the catalogue again."""
        self._by_id = {sample.id: sample for sample in self._project.samples()}
        self.reset.emit()

    def refresh(self, path: str) -> None:
        """Take in the sample at this path, which was just written."""
        sample = self._project.sample_at(path)
        if sample is None:
            return
        is_new = sample.id not in self._by_id
        self._by_id[sample.id] = sample
        (self.added if is_new else self.judged).emit((sample.id,))

    def all(self) -> tuple[SampleRow, ...]:
        """In the order in which they came."""
        return tuple(self._by_id.values())

    def get(self, sample_id: int) -> SampleRow | None:
        return self._by_id.get(sample_id)

    def set_verdict(self, sample_ids: Sequence[int], verdict: Verdict) -> bool:
        """Give samples a verdict; one named step."""
        former = {sample_id: self._by_id[sample_id].verdict for sample_id in sample_ids}
        wanted = dict.fromkeys(former, verdict)
        name = f"{_STEP_NAMES[verdict]} {_count(len(wanted))}"
        return self._change(name, wanted, former, self._project.set_verdict)

    def set_stars(self, sample_ids: Sequence[int], stars: int) -> bool:
        """Give samples 1 to 5 stars, or 0 for none; one named step."""
        former = {sample_id: self._by_id[sample_id].stars for sample_id in sample_ids}
        wanted = dict.fromkeys(former, stars)
        name = f"Give {_count(len(wanted))} {stars} star{'s' * (stars != 1)}"
        return self._change(name, wanted, former, self._project.set_stars)

    def _change(
        self, name: str, wanted: Mapping[int, V], former: Mapping[int, V], put: Callable[[int, V], None]
    ) -> bool:
        if wanted == former:
            return True

        def apply(values: Mapping[int, V]) -> None:
            with self._project.catalogue.transaction():
                for sample_id, value in values.items():
                    put(sample_id, value)
            self._judged(tuple(values))

        return self._history.do(name, lambda: apply(wanted), lambda: apply(former))

    def _judged(self, sample_ids: tuple[int, ...]) -> None:
        for sample in self._project.get_samples(sample_ids):
            self._by_id[sample.id] = sample
        self.judged.emit(sample_ids)


def _count(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"
