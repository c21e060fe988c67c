"""How far judging has come, and what has changed since the samples were chosen that are seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anogen_gui.model.sample_filter import SampleFilter
from engine.project import SampleRow, Verdict


@dataclass(frozen=True)
class VerdictCounts:
    """How many samples there are of each verdict, and how many of all have a flag."""

    accepted: int = 0
    rejected: int = 0
    undecided: int = 0
    flagged: int = 0

    @property
    def total(self) -> int:
        return self.accepted + self.rejected + self.undecided

    @property
    def judged(self) -> int:
        return self.accepted + self.rejected

    def of(self, verdict: Verdict | None) -> int:
        """The samples with this verdict; with None, all."""
        return self.total if verdict is None else getattr(self, verdict)


@dataclass(frozen=True)
class Waiting:
    """Samples that came since and match, and seen ones that match no longer."""

    came: int = 0
    left: int = 0


class Tally:
    """Counts the samples that match a filter, kept up to date one sample at a time.

    Args:
        seen: the numbers of the samples that are seen.
    """

    def __init__(
        self, samples: Iterable[SampleRow] = (), wanted: SampleFilter | None = None, seen: Iterable[int] = ()
    ) -> None:
        self._wanted = wanted or SampleFilter()
        self._seen = set(seen)
        self._came: set[int] = set()
        self._left: set[int] = set()
        self._counted = {sample.id: sample for sample in self._wanted.with_any_verdict().matching(samples)}
        self._verdicts = Counter(sample.verdict for sample in self._counted.values())
        self._flagged = sum(1 for sample in self._counted.values() if sample.flags)

    @property
    def counts(self) -> VerdictCounts:
        """Of all that match, whatever their verdict."""
        verdicts = self._verdicts
        return VerdictCounts(
            accepted=verdicts["accepted"],
            rejected=verdicts["rejected"],
            undecided=verdicts["undecided"],
            flagged=self._flagged,
        )

    @property
    def waiting(self) -> Waiting:
        return Waiting(len(self._came), len(self._left))

    def put(self, samples: Sequence[SampleRow]) -> None:
        """Count samples that are new, or others than before."""
        known = [self._counted.pop(sample.id) for sample in samples if sample.id in self._counted]
        counted = self._wanted.with_any_verdict().matching(samples)
        self._counted.update((sample.id, sample) for sample in counted)
        self._verdicts.subtract(sample.verdict for sample in known)
        self._verdicts.update(sample.verdict for sample in counted)
        self._flagged += sum(1 for sample in counted if sample.flags)
        self._flagged -= sum(1 for sample in known if sample.flags)
        self._compare(
            {sample.id for sample in samples}, {sample.id for sample in self._wanted.matching(samples)}
        )

    def see_new(self) -> tuple[int, ...]:
        """The samples that came, in their order: they are seen from now on."""
        came = tuple(sorted(self._came))
        self._seen.update(came)
        self._came.clear()
        return came

    def _compare(self, changed: set[int], matching: set[int]) -> None:
        seen = self._seen & changed
        self._came = (self._came - changed) | (matching - seen)
        self._left = (self._left - changed) | (seen - matching)
