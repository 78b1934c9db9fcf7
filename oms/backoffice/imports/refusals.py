"""The file of refused rows: the rows as they were, and why. Mended, it can be loaded again."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from oms.backoffice.imports.base import Refused
from oms.backoffice.imports.rows import ADDED


class RefusedFile:
    """Appends refused rows; made when the first one comes."""

    def __init__(self, path: Path, columns: Sequence[str], *, size: int) -> None:
        self.path = path
        self._columns = [*columns, *ADDED]
        self.size = size
        if size:
            os.truncate(path, size)
        else:
            path.unlink(missing_ok=True)

    def write(self, refusals: Iterable[Refused]) -> None:
        """Append rows and have them on disk before this returns."""
        found = list(refusals)
        if not found:
            return
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns, extrasaction="ignore", lineterminator="\n")
        if not self.size:
            writer.writeheader()
        for refused in found:
            added = zip(
                ADDED, (str(refused.row.position), refused.reason, refused.detail), strict=True
            )
            writer.writerow({**refused.row.values, **dict(added)})
        with self.path.open("ab") as file:
            file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
            self.size = file.tell()
