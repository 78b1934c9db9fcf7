"""Making rows be what the records say: created or updated in bulk, compared in memory."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from oms.backoffice.world.plan import Plan
from oms.backoffice.world.shapes import Record

Row = TypeVar("Row", bound=Model)
Rows = MutableMapping[Hashable, Any]
BATCH = 1000


@dataclass(slots=True, kw_only=True)
class Wanted:
    """How one row should be: what identifies it, and the attributes the file names."""

    key: Hashable
    label: str
    identity: Mapping[str, object]
    values: Mapping[str, object]
    record: Record


@dataclass(slots=True, kw_only=True)
class Table(Generic[Row]):
    """One kind of row: its model, its members by attribute, and what a new row cannot lack."""

    model: type[Row]
    what: str
    columns: Mapping[str, str]  # member of the file -> attribute of the model
    required: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # the same, of what sections work out
    shown: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)  # keys as codes
    touched: set[str] = field(default_factory=set)
    made: list[Row] = field(default_factory=list)
    """Rows that were created ..."""
    changed: dict[Row, list[str]] = field(default_factory=dict)
    """... and what is different of those that were updated, by attribute."""

    @property
    def rows(self) -> "QuerySet[Row]":
        """All rows of this kind."""
        return QuerySet(self.model)

    def values(self, record: Record) -> dict[str, object]:
        """The attributes a record names."""
        return {
            attribute: record.values[member]
            for member, attribute in self.columns.items()
            if member in record
        }

    def sync(
        self, rows: MutableMapping[Hashable, Row], wanted: Sequence[Wanted], plan: Plan
    ) -> None:
        """Create and update; `rows` are the existing ones by key, and the new ones join them."""
        made: dict[Hashable, Row] = {}
        updated: list[Row] = []
        for want in wanted:
            row = rows.get(want.key)
            if row is None:
                want.record.require(*self.required, what=self.what)
                made[want.key] = self.model(**want.identity, **want.values)
                plan.created(want.label)
            elif changes := self._changes(row, want):
                plan.changed(want.label, changes)
                updated.append(row)
        self.made += self.rows.bulk_create(made.values(), batch_size=BATCH)
        rows.update(made)
        self._update(updated)

    def _changes(self, row: Row, want: Wanted) -> dict[str, tuple[object, object]]:
        changes: dict[str, tuple[object, object]] = {}
        named = {**self.columns, **self.names}
        members = {attribute: member for member, attribute in named.items()}
        for attribute, value in want.values.items():
            before = getattr(row, attribute)
            if before != value:
                setattr(row, attribute, value)
                self.touched.add(attribute)
                self.changed.setdefault(row, []).append(attribute)
                show = self.shown.get(attribute, _as_is)
                changes[members.get(attribute, attribute)] = (show(before), show(value))
        return changes

    def _update(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        now = timezone.now()
        for row in rows:
            setattr(row, "updated_at", now)  # noqa: B010 - every table here is TimeStamped
        fields = sorted({*self.touched, "updated_at"})
        self.rows.bulk_update(rows, fields, batch_size=BATCH)


def _as_is(value: object) -> object:
    return value
