"""The server of F1 and F2."""

import http.client
import subprocess
import time

from bench.home import POLL, START_SECONDS, STOP_SECONDS, Installation
from demo import installation
from oms.runtime.home import PROJECT_ROOT
from oms.runtime.problems import StartupProblem


class FloorServer:
    """F1 and F2 under granian with the settings of our own Procfile."""

    def __init__(self, place: Installation) -> None:
        self.port = installation.free_port()
        self._place = place
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        home = self._place.home
        command = _web_command().replace("oms.wsgi:application", "bench.floors.wsgi:application")
        told = dict(self._place.environment) | {
            "OMS_PORT": str(self.port),
            "OMS_BIND": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "bench.floors.settings",
            "BENCH_HOST": str(home.socket_dir),
        }
        with (home.logs / "floors.log").open("wb") as log:
            self._server = subprocess.Popen(  # noqa: S603 - a line of our Procfile
                ["/bin/sh", "-c", command],
                env=told,
                cwd=PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await_answer()

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def _await_answer(self) -> None:
        log = self._place.home.logs / "floors.log"
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.port):
            if self._server is None or self._server.poll() is not None:
                raise StartupProblem(f"The floors did not start: {log.read_text()[-800:]}")
            if time.monotonic() > deadline:
                raise StartupProblem("The floors did not answer.")
            time.sleep(POLL)


def _web_command() -> str:
    """The entry `web` of the Procfile."""
    lines = (PROJECT_ROOT / "Procfile").read_text("utf-8").splitlines()
    return next(line.removeprefix("web:").strip() for line in lines if line.startswith("web:"))


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/probe")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
