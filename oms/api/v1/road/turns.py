"""Large calls take turns: each keeps megabytes while it is worked on."""

import functools
import threading
from collections.abc import Callable

from django.http import HttpResponse

from oms.kernel import collector

# One reads while the database writes the other's rows; a third would only hold its memory.
_TURNS = threading.BoundedSemaphore(2)


def in_turn(handler: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The handler, of which at most two run at once in this process. Others wait."""

    @functools.wraps(handler)
    def wait(*args: object, **kwargs: object) -> HttpResponse:
        with _TURNS:
            try:
                return handler(*args, **kwargs)
            finally:
                collector.give_memory_back()

    return wait
