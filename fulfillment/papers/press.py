"""Setting type in a process of its own (docs/adr/0022).

Whoever draws keeps the library (80 MB), its fonts and its caches out of its own memory: they are
in a child that ends by itself. The child knows no secret, has no way to the network, sees one
directory, and is killed when a template takes too long.
"""

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

LIMIT = 20.0  # seconds for one sheet
MOST_BYTES = 8 * 1024 * 1024
_CHILD = Path(__file__).with_name("press_child.py")
_HEAD = 5
# Typst would fetch packages that a template names; a proxy that is not there ends every such try.
NOWHERE = "http://127.0.0.1:9"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


class PressError(Exception):
    """A sheet could not be set. `is_template`: by its template, so trying again is no use."""

    def __init__(self, message: str, *, is_template: bool) -> None:
        super().__init__(message)
        self.is_template = is_template


class _Gone(Exception):
    """The child ended before it answered."""


@dataclass(slots=True)
class _Press:
    """One child, and the pipes to it."""

    child: "subprocess.Popen[bytes]"
    requests: IO[bytes]
    answers: IO[bytes]

    @classmethod
    def start(cls, proxy: str) -> "_Press":
        library = settings.BASE_DIR / "templates" / "documents" / "oms.typ"
        names = [*_PROXIES, *(name.upper() for name in _PROXIES)]
        child = subprocess.Popen(  # noqa: S603 - our own script, by its full path
            [sys.executable, "-I", str(_CHILD), str(library)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**dict.fromkeys(names, proxy), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        if child.stdin is None or child.stdout is None:
            raise PressError("The press has no pipes", is_template=False)
        return cls(child, child.stdin, child.stdout)

    def set(self, request: bytes) -> bytes:
        """One sheet. Raises PressError, and _Gone where asking another child may help."""
        try:
            self.requests.write(len(request).to_bytes(4) + request)
            self.requests.flush()
        except OSError as exc:
            raise _Gone from exc
        deadline = time.monotonic() + LIMIT
        head = _read(self.answers, _HEAD, deadline)
        size = int.from_bytes(head[1:])
        if size > MOST_BYTES:
            self.stop()
            raise PressError("The paper is too large", is_template=True)
        body = _read(self.answers, size, deadline)
        if head[:1] == b"+":
            return body
        raise PressError(body.decode(errors="replace"), is_template=True)

    def stop(self) -> None:
        self.child.kill()
        self.child.wait()
        for pipe in (self.requests, self.answers):
            with suppress(OSError):  # what was left to say has no reader any more
                pipe.close()


def _read(pipe: IO[bytes], size: int, deadline: float) -> bytes:
    parts = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(parts) < size:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(pipe.fileno(), size - len(parts))
            if not part:
                raise _Gone
            parts += part
    return bytes(parts)


_lock = threading.Lock()
_presses: dict[str, _Press] = {}


def set_type(
    source: str, data: Mapping[str, object], *, at: datetime, proxy: str = NOWHERE
) -> bytes:
    """A PDF of a template (Typst) and what it shows; the same arguments give the same bytes.

    The template finds the data as `data` in `/oms.typ`. Raises PressError: with what Typst says of
    the template, or that it took longer than LIMIT.
    """
    text = json.dumps(data, ensure_ascii=False)
    stamp = str(int(at.timestamp()))
    request = json.dumps({"source": source, "data": text, "at": stamp}).encode()
    with _lock:
        is_fresh = proxy not in _presses
        try:
            return _set(request, proxy)
        except _Gone as exc:
            if is_fresh:
                raise PressError("The press broke down", is_template=False) from exc
        try:
            return _set(request, proxy)
        except _Gone as exc:
            raise PressError("The press broke down", is_template=False) from exc


def _set(request: bytes, proxy: str) -> bytes:
    press = _presses.get(proxy) or _presses.setdefault(proxy, _Press.start(proxy))
    try:
        return press.set(request)
    except _Gone:
        _presses.pop(proxy).stop()
        raise
    except TimeoutError as exc:
        _presses.pop(proxy).stop()
        raise PressError("The template takes too long", is_template=True) from exc


def _stop_all() -> None:
    while _presses:
        _presses.popitem()[1].stop()


def _forget() -> None:
    """A forked process starts a child of its own; the parent's pipes are the parent's."""
    global _lock  # noqa: PLW0603 - the old one may be held by a thread that was not forked
    _lock = threading.Lock()
    for press in _presses.values():
        press.child.returncode = 0  # not ours to wait for
    _presses.clear()


atexit.register(_stop_all)
os.register_at_fork(after_in_child=_forget)
