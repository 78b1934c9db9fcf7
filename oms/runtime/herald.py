"""Beside the supervisor: waits for the web process, plays the demo, tells the addresses."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from oms.runtime import readiness
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.log_files import tail
from oms.runtime.problems import StartupProblem
from oms.runtime.supervisor import Outcome

READY_SECONDS = 90.0
STOP_SECONDS = 10.0


class Herald:
    """Speaks to the person at the terminal while the supervisor has the main thread."""

    def __init__(
        self, home: Home, *, environment: Mapping[str, str], demo_orders: int, begun: float
    ) -> None:
        self._home = home
        self._environment = dict(environment)
        self._demo_orders = demo_orders
        self._begun = begun
        self._stopped = threading.Event()
        self._demo: subprocess.Popen[bytes] | None = None
        self._problem: StartupProblem | None = None
        self._thread = threading.Thread(target=self._speak, name="herald")

    def start(self) -> None:
        """Begin; to be called once, after the last fork."""
        self._thread.start()

    def conclude(self, outcome: Outcome) -> int:
        """End what still runs here and turn the supervisor's outcome into an exit code.

        A stop that was asked for is a success. A StartupProblem when readiness never came.
        """
        self._stopped.set()
        if self._demo is not None:
            with contextlib.suppress(ProcessLookupError):
                self._demo.terminate()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        if self._problem is not None:
            raise self._problem
        if outcome.ended is None:
            print("Stopped.", flush=True)
            return 0
        log = self._home.logs / f"{outcome.ended}.log"
        print(
            f"{outcome.ended} ended with exit code {outcome.code}, so everything was stopped. "
            f"The end of {log}:\n{tail(log)}",
            file=sys.stderr,
        )
        return outcome.code

    def _speak(self) -> None:
        try:
            if not readiness.wait(self._home, seconds=READY_SECONDS, stopped=self._stopped):
                return
        except StartupProblem as problem:
            self._problem = problem
            os.kill(os.getpid(), signal.SIGTERM)
            return
        self._home.ready_mark.touch()
        print(f"Ready after {time.monotonic() - self._begun:.1f} s.", flush=True)
        self._play_demo()
        if not self._stopped.is_set():
            self._tell_addresses()

    def _play_demo(self) -> None:
        """Once per home. A demo that breaks off is told, and played again by the next start."""
        played = self._home.path / "demo.played"
        if self._demo_orders <= 0 or played.exists():
            return
        command = [sys.executable, "-m", "demo", "--base-url", self._home.base_url]
        # In a session of its own: Ctrl-C reaches us, and we end it in order.
        self._demo = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--orders", str(self._demo_orders)],
            env=self._environment,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = self._demo.wait()
        if self._stopped.is_set():
            return
        if code == 0:
            played.write_text(f"{datetime.now(UTC).isoformat()}\n", "ascii")
        else:
            print(f"The demo broke off (exit code {code}); the next start plays it again.")

    def _tell_addresses(self) -> None:
        base = self._home.base_url
        print(
            f"\n  Admin   {base}/admin/   (log in as admin, password admin)"
            f"\n  API     {base}/"
            f"\n  Logs    {self._home.logs}"
            "\n\nServing until Ctrl-C.",
            flush=True,
        )
