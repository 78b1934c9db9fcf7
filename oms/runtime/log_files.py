"""Log files that do not fill the disk."""

from pathlib import Path
from typing import BinaryIO

LARGEST = 20 * 1024 * 1024


def rotate(log: Path) -> None:
    """Move a log that grew large aside; one older generation is kept."""
    if log.exists() and log.stat().st_size > LARGEST:
        log.replace(log.with_suffix(".old.log"))


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for the person at the terminal."""
    if not log.exists():
        return "(nothing)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])


class LogFile:
    """Appends to one file, readable by its owner only, and rotates it while it is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._open()

    def write(self, text: bytes) -> None:
        """Append and show at once."""
        if self._file.tell() > LARGEST:
            self._file.close()
            self._file = self._open()
        self._file.write(text)

    def close(self) -> None:
        self._file.close()

    def _open(self) -> BinaryIO:
        rotate(self._path)
        self._path.touch(mode=0o600)
        return self._path.open("ab", buffering=0)
