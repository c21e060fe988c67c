"""How far a job is: a bar on a terminal, a line now and then elsewhere."""

import time
from typing import Any, Protocol, TextIO

from engine.protocol import Progress

_LINE_EVERY_S = 10.0
_LARGE = 1_000_000  # steps of such a total are bytes


class ProgressShown(Protocol):
    """Shows reports of progress."""

    def show(self, progress: Progress) -> None: ...

    def clear(self) -> None:
        """Make room for a line of text."""

    def close(self) -> None: ...


class Bar:
    """A bar with the time left, as the job estimates it; the same one until `close`, whatever its stage."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._bar: Any = None

    def show(self, progress: Progress) -> None:
        is_first = self._bar is None
        if is_first:
            self._bar = _open_bar(self._err, progress)
        self._bar.total = progress.total
        self._bar.set_description_str(progress.stage[:1].upper() + progress.stage[1:], refresh=False)
        self._bar.set_postfix_str(_details(progress), refresh=False)
        if is_first or progress.step < self._bar.n:
            self._bar.n = progress.step
            self._bar.refresh()
        else:
            self._bar.update(progress.step - self._bar.n)

    def clear(self) -> None:
        if self._bar is not None:
            self._bar.clear()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _open_bar(err: TextIO, progress: Progress) -> Any:
    from tqdm import tqdm

    return tqdm(
        total=progress.total,
        file=err,
        unit_scale=progress.total >= _LARGE,
        leave=False,
        dynamic_ncols=True,
        delay=1e-9,  # nothing is drawn before there is something to say
        bar_format="{desc}  {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} {elapsed}{postfix}",
    )


class Lines:
    """A plain line every ten seconds, and at the end of each stage."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._last_s = time.monotonic()

    def show(self, progress: Progress) -> None:
        if time.monotonic() - self._last_s < _LINE_EVERY_S:
            return
        self._last_s = time.monotonic()
        share = 100 * progress.step / max(progress.total, 1)
        details = _details(progress)
        facts = f"{progress.stage}: {share:.0f} % ({progress.step} of {progress.total})"
        print(f"{facts}{f', {details}' if details else ''}", file=self._err, flush=True)

    def clear(self) -> None:
        pass

    def close(self) -> None:
        pass


def describe_time(seconds: float) -> str:
    """“45 s”, “3 min 20 s”, “2 h 5 min”."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _details(progress: Progress) -> str:
    parts = []
    if progress.eta_s is not None and progress.step < progress.total:
        parts.append(f"{describe_time(progress.eta_s)} left")
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.4f}")
    return ", ".join(parts)
