"""The one progress bar of a run; nothing where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def bar(total: int, what: str, *, unit: str = "order") -> Iterator[Callable[[int], None]]:
    """A function to tell how many more are done."""
    with tqdm(total=total, desc=what, unit=unit, disable=None) as shown:

        def advance(count: int) -> None:
            if count:
                shown.update(count)

        yield advance
