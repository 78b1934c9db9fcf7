"""Where the news arrives: a process of its own that writes down each message it takes."""

import json
import secrets
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.newsproof.accounts import Receipt
from oms.runtime.home import PROJECT_ROOT

STOP_SECONDS = 10.0
HANGING = "/hangs/"
"""Paths that begin so hold their answers back."""


class Mailbox:
    """A context manager. What it took can be read once it is closed."""

    def __init__(self, log: Path) -> None:
        self.secret = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
        self._log = log
        self._process = subprocess.Popen(
            [sys.executable, "-m", "demo.newsproof.receiver"],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us; it ends when its input does
        )
        self.port = self._begin()

    def url(self, name: str, *, hangs: bool = False) -> str:
        return f"http://127.0.0.1:{self.port}{HANGING if hangs else '/'}{name}"

    def close(self) -> None:
        """Take nothing any more."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def receipts(self) -> Iterator[Receipt]:
        """Everything it took, in the order it came."""
        with self._log.open(encoding="ascii") as lines:
            for line in lines:
                at, path, message_id, genuine = line.split()
                yield Receipt(float(at), path, message_id, genuine == "1")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self) -> int:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("no way to talk to the receiver")
        self._process.stdin.write(json.dumps({"secret": self.secret, "log": str(self._log)}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
