"""The samples of the open project, and what people think of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from anogen_gui.model.wording import count_of
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
        rewritten(ids): a job has written these again, over their files.
        reset(): all may be others.
    """

    added = Signal(object)
    judged = Signal(object)
    rewritten = Signal(object)
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
        (self.added if is_new else self.rewritten).emit((sample.id,))

    def all(self) -> tuple[SampleRow, ...]:
        """In the order in which they came."""
        return tuple(self._by_id.values())

    def get(self, sample_id: int) -> SampleRow | None:
        return self._by_id.get(sample_id)

    def set_verdict(self, sample_ids: Sequence[int], verdict: Verdict) -> bool:
        """Give samples a verdict; one named step."""
        former = {sample_id: self._by_id[sample_id].verdict for sample_id in sample_ids}
        name = f"{_STEP_NAMES[verdict]} {count_of(len(former), 'sample')}"
        return self._change(name, dict.fromkeys(former, verdict), former, self._put_verdicts)

    def set_stars(self, sample_ids: Sequence[int], stars: int) -> bool:
        """Give samples 1 to 5 stars, or 0 for none; one named step."""
        former = {sample_id: self._by_id[sample_id].stars for sample_id in sample_ids}
        count = count_of(len(former), "sample")
        name = f"Give {count} {count_of(stars, 'star')}" if stars else f"Take the stars from {count}"
        return self._change(name, dict.fromkeys(former, stars), former, self._put_stars)

    def _change(
        self,
        name: str,
        wanted: Mapping[int, V],
        former: Mapping[int, V],
        put: Callable[[Mapping[int, V]], None],
    ) -> bool:
        if wanted == former:
            return True
        return self._history.do(name, lambda: put(wanted), lambda: put(former))

    def _put_verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        with self._project.catalogue.transaction():
            for verdict, sample_ids in _by_value(verdicts).items():
                self._project.set_verdicts(sample_ids, verdict)
        self._replace("verdict", verdicts)

    def _put_stars(self, stars: Mapping[int, int]) -> None:
        with self._project.catalogue.transaction():
            for count, sample_ids in _by_value(stars).items():
                self._project.set_stars_of(sample_ids, count)
        self._replace("stars", stars)

    def _replace(self, field: Literal["verdict", "stars"], values: Mapping[int, object]) -> None:
        for sample_id, value in values.items():
            self._by_id[sample_id] = msgspec.structs.replace(self._by_id[sample_id], **{field: value})
        self.judged.emit(tuple(values))


def _by_value(values: Mapping[int, V]) -> dict[V, list[int]]:
    """The samples that get each value."""
    groups: dict[V, list[int]] = {}
    for sample_id, value in values.items():
        groups.setdefault(value, []).append(sample_id)
    return groups
