"""Taking away what a file calls absent, unless something depends on it."""

from collections.abc import Iterator

from django.db.models import CASCADE, DO_NOTHING, ManyToOneRel, Model, OneToOneRel, QuerySet

from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.shapes import Record

_DEEPEST = 3


def remove(row: Model | None, record: Record, label: str, plan: Plan) -> None:
    """Delete a row with what is only a part of it. Raises WorldRefused when others refer to it."""
    if row is None:
        return
    for path, model in _dependents(type(row), "", 0):
        if QuerySet(model).filter(**{path: row.pk}).exists():
            kind = str(model._meta.verbose_name_plural)
            raise WorldRefused(record.at, f"{label} cannot be removed: {kind} depend on it")
    row.delete()
    plan.removed(label)


def _dependents(model: type[Model], tail: str, depth: int) -> Iterator[tuple[str, type[Model]]]:
    """Every table whose rows keep a row of `model` alive, and the lookup that finds them.

    What would be deleted along with it (a channel's links, a client's credentials) does not keep
    it; what hangs on that in turn may.
    """
    for relation in model._meta.related_objects:
        if not isinstance(relation, ManyToOneRel | OneToOneRel) or depth > _DEEPEST:
            continue
        related = relation.related_model
        path = f"{relation.field.name}__{tail}" if tail else relation.field.name
        if relation.on_delete is CASCADE:
            yield from _dependents(related, path, depth + 1)
        elif relation.on_delete is not DO_NOTHING:
            yield path, related
