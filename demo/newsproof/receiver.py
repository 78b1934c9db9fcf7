"""The process behind a mailbox: told its secret and its log, it says its port and takes messages.

A line a message: when it came, its path, its id, and whether one of its signatures is right.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from demo import receiving
from demo.newsproof.mailbox import HANGING

HANG_SECONDS = 20.0
TOLERANCE = 300  # seconds a timestamp may be off


@dataclass(slots=True)
class Book:
    """Writes down what comes."""

    secret: str
    lines: TextIO
    clock_tolerance: float = TOLERANCE
    _key: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        self._key = base64.b64decode(self.secret.removeprefix("whsec_"))

    def take(self, head: bytes, body: bytes) -> float:
        """Note a message; the seconds its answer is held back."""
        now, path = time.time(), receiving.target(head)
        message_id = receiving.header(head, "webhook-id") or "-"
        genuine = int(self.is_genuine(head, body, now=now))
        self.lines.write(f"{now:.6f} {path} {message_id} {genuine}\n")
        return HANG_SECONDS if path.startswith(HANGING) else 0

    def is_genuine(self, head: bytes, body: bytes, *, now: float) -> bool:
        """Whether it is signed as Standard Webhooks 1.0 wants it, and not too old or new."""
        timestamp = receiving.header(head, "webhook-timestamp")
        if not timestamp.isdigit() or abs(now - int(timestamp)) > self.clock_tolerance:
            return False
        name = receiving.header(head, "webhook-id")
        signed = f"{name}.{timestamp}.".encode() + body
        digest = base64.b64encode(hmac.new(self._key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{digest}" in receiving.header(head, "webhook-signature").split(" ")


def main() -> None:
    """Until standard input ends."""
    told = json.loads(sys.stdin.readline())
    with Path(told["log"]).open("a", encoding="ascii") as lines:
        book = Book(told["secret"], lines)
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(receiving.listen(book.take))
        print(receiving.port_of(server), flush=True)
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        sys.stdin.read()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


if __name__ == "__main__":
    main()
