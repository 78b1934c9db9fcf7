"""Importing one file: batches, checkpoints, and the sums."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import Error

from oms.backoffice.imports import cancelling, placing
from oms.backoffice.imports.base import Document, Mapping, Refused, Row, Target
from oms.backoffice.imports.refusals import RefusedFile
from oms.backoffice.imports.rows import FileUnreadable, Source, digest_of
from oms.backoffice.imports.totals import Totals
from oms.backoffice.models import OrderImport
from oms.kernel import errors, sql
from oms.kernel.actors import Actor

__all__ = ["FileUnreadable", "ImportRunning", "Importer"]

ROWS_PER_ORDER = 10  # a batch also ends after so many rows for each order it may hold


class ImportRunning(errors.Conflict):
    """Another import into the same channel is at work."""

    code = "import_running"


@dataclass(slots=True)
class _Batch:
    """Documents that are applied together: orders first, then cancellations, each as they came.

    That is the order of the file as long as no order follows a cancellation of its customer.
    """

    documents: list[Document] = field(default_factory=list)
    cancelling: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)

    def takes(self, document: Document) -> bool:
        """Whether the document may join without overtaking a cancellation."""
        return document.order is None or document.customer_id not in self.cancelling

    def add(self, document: Document, rows: Sequence[Row]) -> None:
        """Take a document in."""
        self.documents.append(document)
        self.rows += rows
        if document.cancellation is not None:
            self.cancelling.add(document.customer_id)


@dataclass(slots=True, kw_only=True)
class Importer:
    """One file, one mapping, one channel.

    An import that was interrupted goes on where its last batch ended. Whatever it repeats has no
    second effect: orders exist once per number, cancellations are counted by row.
    """

    path: Path
    mapping: Mapping
    target: Target
    refused_path: Path
    actor: Actor
    clock: Callable[[], datetime]
    create_skus: bool = False
    batch_size: int = 500
    encoding: str = "utf-8-sig"
    restart: bool = False

    def run(self, progress: Callable[[int], None]) -> Totals:
        """Import, telling `progress` the bytes read so far. Raises FileUnreadable."""
        if self.refused_path.resolve() == self.path.resolve():
            raise FileUnreadable("the file of refused rows cannot be the file that is read")
        if sql.rows(_LOCK, {"channel_id": self.target.channel_id}) != [(True,)]:
            raise ImportRunning("Another import into this channel is running.")
        try:
            with self._open() as source:
                return self._run(source, progress)
        finally:
            with contextlib.suppress(Error):  # a broken connection has no lock left to give back
                sql.rows(_UNLOCK, {"channel_id": self.target.channel_id})

    def _open(self) -> Source:
        try:
            source = Source(self.path, self.encoding)
        except LookupError as exc:
            raise FileUnreadable(f"there is no encoding {self.encoding}") from exc
        except OSError as exc:
            raise FileUnreadable(f"{self.path}: {exc.strerror or exc}") from exc
        if missing := [name for name in self.mapping.columns if name not in source.columns]:
            source.close()
            raise FileUnreadable(f"{self.path} has no column {', '.join(missing)}")
        return source

    def _run(self, source: Source, progress: Callable[[int], None]) -> Totals:
        checkpoint = self._checkpoint()
        refused = RefusedFile(self.refused_path, source.columns, size=checkpoint.refused_size)
        totals = Totals(Counter(checkpoint.totals))
        source.skip(checkpoint.rows_done)
        for batch in self._batches(source):
            refused.write(self._apply(batch, totals))
            self._save(checkpoint, totals, refused, finished=False)
            progress(source.offset)
        self._save(checkpoint, totals, refused, finished=True)
        progress(source.offset)
        return totals

    def _checkpoint(self) -> OrderImport:
        """Where to go on: the beginning, unless this file was begun with the same refused file."""
        checkpoint, _ = OrderImport.objects.get_or_create(
            channel_id=self.target.channel_id,
            mapping=self.mapping.name,
            digest=digest_of(self.path),
            defaults={"file": str(self.path), "refused_file": str(self.refused_path.resolve())},
        )
        if self.restart or not self._may_continue(checkpoint):
            checkpoint.rows_done, checkpoint.refused_size, checkpoint.totals = 0, 0, {}
        checkpoint.file = str(self.path)
        checkpoint.refused_file = str(self.refused_path.resolve())
        return checkpoint

    def _may_continue(self, checkpoint: OrderImport) -> bool:
        if checkpoint.refused_file != str(self.refused_path.resolve()):
            return False
        written = self.refused_path.stat().st_size if self.refused_path.exists() else 0
        return written >= checkpoint.refused_size

    def _batches(self, source: Source) -> Iterator[_Batch]:
        batch = _Batch()
        for number, rows in source.documents(self.mapping):
            document = self.mapping.read(number, rows, self.target)
            is_full = len(batch.documents) >= self.batch_size
            is_full = is_full or len(batch.rows) >= self.batch_size * ROWS_PER_ORDER
            if batch.documents and (is_full or not batch.takes(document)):
                yield batch
                batch = _Batch()
            batch.add(document, rows)
        if batch.documents:
            yield batch

    def _apply(self, batch: _Batch, totals: Totals) -> list[Refused]:
        now = self.clock()
        if self.create_skus:
            placing.create_skus(batch.documents, target=self.target, totals=totals)
        refused = [row for document in batch.documents for row in document.refused]
        refused += placing.place(batch.documents, totals=totals, actor=self.actor, now=now)
        for document in batch.documents:
            if document.cancellation is not None:
                refused += cancelling.cancel(
                    document.cancellation,
                    target=self.target,
                    totals=totals,
                    actor=self.actor,
                    now=now,
                )
        totals.add("rows.read", len(batch.rows))
        for row in refused:
            totals.add(f"refused.{row.reason}")
        places = {id(row): place for place, row in enumerate(batch.rows)}
        return sorted(refused, key=lambda entry: places[id(entry.row)])

    def _save(
        self, checkpoint: OrderImport, totals: Totals, refused: RefusedFile, *, finished: bool
    ) -> None:
        checkpoint.rows_done = totals["rows.read"]
        checkpoint.refused_size = refused.size
        checkpoint.totals = dict(totals.counts)
        checkpoint.changed_at = self.clock()
        checkpoint.finished_at = checkpoint.changed_at if finished else None
        checkpoint.save()


# One import per channel: cancellations of one file count on what the others have done.
_LOCK = "SELECT pg_try_advisory_lock(hashtext('oms.import'), %(channel_id)s::int)"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('oms.import'), %(channel_id)s::int)"
