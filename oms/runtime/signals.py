"""How the launcher hears that it should stop."""

import os
import signal
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt_on_all() -> None:
    """SIGTERM interrupts like Ctrl-C; a closed terminal counts as SIGTERM throughout."""
    # A shell starts background jobs with Ctrl-C ignored; who sends it to us means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, _terminate_self)


def ignore_all() -> None:
    """While stopping, an impatient second Ctrl-C must not leave a server behind."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _terminate_self(_number: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
