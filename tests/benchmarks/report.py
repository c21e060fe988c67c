"""How a benchmark tells what it measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Two measurements in the same unit (or a budget and a measurement), their ratio, and the ratio that is wanted."""

    name: str
    reference: float
    ours: float
    ratio: float
    wanted: float
    note: str = ""

    def __str__(self) -> str:
        verdict = "ok" if self.ratio >= self.wanted else "MISSED"
        numbers = f"{self.reference:>10.3f} {self.ours:>10.3f} {self.ratio:>7.2f}×"
        line = f"{self.name:<46} {numbers} (≥ {self.wanted}×) {verdict}"
        return f"{line}\n    {self.note}" if self.note else line


def header() -> str:
    """Of the columns: what upstream does, or a budget; what was measured here; and how well that is."""
    return f"{'':<46} {'reference':>10} {'measured':>10} {'ratio':>8}"
