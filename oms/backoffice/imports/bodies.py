"""The rows of a document as the file had them: what is kept as the order's raw body."""

import csv
import io
from collections.abc import Sequence

from oms.backoffice.imports.base import Row


def body_of(rows: Sequence[Row]) -> bytes:
    """CSV with a header, one line per row."""
    columns = list(rows[0].values)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.values.get(column, "") for column in columns] for row in rows)
    return target.getvalue().encode()
