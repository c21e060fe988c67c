"""How often there are live pictures while a job runs, so that they cost it little."""

import time
from collections.abc import Callable

SHARE = 0.04  # of the time may go into live pictures
SAVED_S = 0.3  # may be saved up while nobody asks for one
KEPT_S = 0.12  # of it is kept for a first picture: what two guided passes of a small backbone take
OWED_S = 0.2  # at most: where a picture takes seconds, no later one waits longer than this takes to come in
EVERY_S = 0.1  # a first picture, at most
REST_S = 0.6  # no newer request for so long: the box rests, a slow drag has two a second

Clock = Callable[[], float]
"""Seconds that only grow."""


class Pace:
    """Says when a live picture may be drawn beside a job.

    What it takes is paid from a small share of the time, which saves up a little: the first pictures of a drag come
    at once, and the first one of another box, too, while one is drawn to its end.
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
        """May the first picture of a request be begun now?"""
        return self._clock() - self._shown_at >= EVERY_S and self._saved() > 0

    def may_go_on(self, asked_at: float) -> bool:
        """May the rest be drawn now, for a box that was asked for at this time, and of which something was shown?"""
        return self._clock() - asked_at >= REST_S and self._saved() > KEPT_S

    def spend(self, seconds: float) -> None:
        """So much of the job's time was taken."""
        self._count()
        self._saved_s = max(-OWED_S, self._saved_s - seconds)

    def show(self) -> None:
        """A picture was shown just now."""
        self._shown_at = self._clock()

    def _saved(self) -> float:
        self._count()
        return self._saved_s

    def _count(self) -> None:
        now = self._clock()
        self._saved_s = min(SAVED_S, self._saved_s + SHARE * (now - self._counted_at))
        self._counted_at = now
