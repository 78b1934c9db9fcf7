"""Waiting for the web process."""

import http.client
import threading
import time

from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem

POLL_SECONDS = 0.1
REQUEST_SECONDS = 5


def wait(home: Home, *, seconds: float, stopped: threading.Event) -> bool:
    """Whether /readyz said yes; False when `stopped` came first.

    A StartupProblem with the last answer when the time is up.
    """
    deadline = time.monotonic() + seconds
    answer = "no answer yet"
    while time.monotonic() < deadline:
        is_ready, answer = _ask(home)
        if is_ready:
            return True
        if stopped.wait(POLL_SECONDS):
            return False
    raise StartupProblem(
        f"The web process was not ready after {seconds:.0f} s ({answer}); "
        f"{home.logs / 'web.log'} says why."
    )


def _ask(home: Home) -> tuple[bool, str]:
    """Asks directly: a proxy from the environment has no business between the two of us."""
    address = home.base_url.removeprefix("http://").rpartition(":")[0].strip("[]")
    connection = http.client.HTTPConnection(address, home.port, timeout=REQUEST_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = " ".join(answer.read(500).decode("utf-8", "replace").split())
    except (OSError, http.client.HTTPException) as error:
        return False, str(error) or type(error).__name__
    finally:
        connection.close()
    return answer.status == http.HTTPStatus.OK, f"status {answer.status}: {body}"
