"""Reading and writing pictures while the network computes."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def work_ahead(work: Callable[[T], R], items: Iterable[T], ahead: int = 1) -> Generator[R, None, None]:
    """What `work` makes of each item, in their order; `ahead` further ones are under way while one is used.

    So no more than one and `ahead` are held at once. Raises what `work` raises, at its item.
    """
    under_way: deque[Future[R]] = deque()
    with ThreadPoolExecutor(ahead) as executor:
        for item in items:
            under_way.append(executor.submit(work, item))
            if len(under_way) > ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
