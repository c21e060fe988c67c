"""How often there are live pictures while a job runs, so that they cost it little."""

import time
from collections.abc import Callable

SHARE = 0.04  # of the time may go into live pictures
SAVED_S = 0.25  # may be saved up while nobody asks for one
EVERY_S = 0.1  # a first picture, at most
REST_S = 0.6  # no newer request for so long: the box rests, a slow drag has two a second

Clock = Callable[[], float]
"""Seconds that only grow."""


class Pace:
    """Says when a live picture may be drawn beside a job.

    What it takes is paid from a small share of the time, which saves up a little: the first pictures of a drag come
    at once. A drawing that has begun is never more than one of its steps in debt.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._saved_s = SAVED_S
        self._counted_at = clock()
        self._shown_at = float("-inf")

    @property
    def now(self) -> float:
        """Seconds by the clock."""
        return self._clock()

    def may_show(self) -> bool:
        """May the first picture of a request be drawn now?"""
        return self._clock() - self._shown_at >= EVERY_S and self._has_saved()

    def may_go_on(self, asked_at: float) -> bool:
        """May the rest be drawn now, for a box that was asked for at this time, and of which something was shown?"""
        return self._clock() - asked_at >= REST_S and self._has_saved()

    def spend(self, seconds: float) -> None:
        """So much of the job's time was taken."""
        self._count()
        self._saved_s -= seconds

    def show(self) -> None:
        """A picture was shown just now."""
        self._shown_at = self._clock()

    def _has_saved(self) -> bool:
        self._count()
        return self._saved_s > 0

    def _count(self) -> None:
        now = self._clock()
        self._saved_s = min(SAVED_S, self._saved_s + SHARE * (now - self._counted_at))
        self._counted_at = now
