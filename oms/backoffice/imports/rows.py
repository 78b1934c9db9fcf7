"""Streaming a CSV file, plain or compressed, document by document."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from oms.backoffice.imports.base import Mapping, Row
from oms.kernel import errors

POSITION = "import_row"
# The columns a file of refused rows has more than its source.
ADDED = (POSITION, "import_reason", "import_detail")


class FileUnreadable(errors.InvalidInput):
    """The file as a whole cannot be imported."""

    code = "file_unreadable"


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Source(AbstractContextManager["Source"]):
    """An open file of rows. `columns` are those of its data, `offset` how far it was read."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._raw = path.open("rb")
        unpacked = gzip.GzipFile(fileobj=self._raw) if path.suffix == ".gz" else self._raw
        binary = cast("BinaryIO", unpacked)
        self._text = io.TextIOWrapper(binary, encoding=encoding, newline="")
        self._reader = csv.reader(self._text)
        self.read = 0
        try:
            self._header = self._next() or []
        except FileUnreadable:
            self.close()
            raise
        self.columns = [name for name in self._header if name not in ADDED]

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()
        self._raw.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def offset(self) -> int:
        """Bytes of the file that were read, compressed or not."""
        return 0 if self._raw.closed else self._raw.tell()

    def skip(self, rows: int) -> None:
        """Pass over rows that were done before."""
        while self.read < rows and self._next() is not None:
            self.read += 1

    def documents(self, mapping: Mapping) -> Iterator[tuple[str, Sequence[Row]]]:
        """Rows that follow each other and belong together."""
        number: str | None = None
        rows: list[Row] = []
        for values in self._rows():
            at = mapping.number_of(Row(0, values))
            if at != number and rows:
                yield str(number), rows
                rows = []
            number = at
            position = _position(values.get(POSITION, ""), len(rows) + 1)
            rows.append(Row(position, {column: values.get(column, "") for column in self.columns}))
        if rows:
            yield str(number), rows

    def _rows(self) -> Iterator[dict[str, str]]:
        while (values := self._next()) is not None:
            self.read += 1
            if len(values) > len(self._header):
                raise FileUnreadable(f"row {self.read} has more values than the header has columns")
            yield dict(zip(self._header, values, strict=False))

    def _next(self) -> list[str] | None:
        """The next row that is not empty; None at the end."""
        try:
            return next((row for row in self._reader if row), None)
        except UnicodeDecodeError as exc:
            hint = "say which encoding it has with --encoding"
            raise FileUnreadable(f"after row {self.read}: {exc.reason}; {hint}") from exc
        except (csv.Error, EOFError, gzip.BadGzipFile) as exc:
            raise FileUnreadable(f"after row {self.read}: {exc}") from exc


def _position(given: str, place: int) -> int:
    """Where a row stood in its document when it was refused, or stands now."""
    return int(given) if given.isascii() and given.isdigit() else place
