"""Many new orders in one call: each judged alone, all good ones stored by one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from oms.accounts.queries import MachineIdentity
from oms.api.v1.orders import consistency, drafting, references, shapes
from oms.api.v1.orders.problems import order_id
from oms.api.v1.orders.reading import Findings, Values
from oms.api.v1.road.codes import CODES
from oms.api.v1.road.problems import FieldError, Problem, validation_failed
from oms.orders import numbers
from oms.orders import services as orders
from oms.orders.services import Intake, OrderDraft

MOST = 500
REJECT_ALL = "reject_all"


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    orders: list[msgspec.Raw]
    error_policy: str | msgspec.UnsetType = msgspec.UNSET


@dataclass(slots=True)
class Row:
    """One order of many: what was sent, and what became of it."""

    raw: bytes
    said: Values = field(default_factory=dict)
    draft: OrderDraft | None = None
    intake: Intake | None = None
    problem: Problem | None = None


def read_json(body: bytes) -> tuple[list[Row], str | None]:
    """The orders of a JSON body, each as its own bytes, and the policy it names."""
    try:
        read = msgspec.json.decode(body, type=_Body)
    except msgspec.ValidationError as error:
        raise _misshapen(body) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Problem(400, "malformed_json") from error
    named = None if read.error_policy is msgspec.UNSET else read.error_policy
    if named not in {None, REJECT_ALL, "skip_failed"}:
        told = _("is not a policy")
        raise validation_failed([FieldError("/error_policy", "unknown_value", told)])
    return _counted([Row(bytes(raw)) for raw in read.orders]), named


def _misshapen(body: bytes) -> Problem:
    """What is wrong with the object around the orders."""
    document: Any = msgspec.json.decode(body)
    if not isinstance(document, dict):
        return validation_failed([FieldError("", "invalid_type", _("must be an object"))])
    strangers = [name for name in document if name not in _Body.__struct_fields__]
    if strangers:
        errors = [FieldError(f"/{name}", "unknown_field", _("is not known")) for name in strangers]
        return Problem(400, "unknown_field", errors=errors)
    if "orders" not in document:
        return validation_failed([FieldError("/orders", "required", _("is missing"))])
    at = "/error_policy" if isinstance(document["orders"], list) else "/orders"
    return validation_failed([FieldError(at, "invalid_type", _("has the wrong type"))])


def read_lines(body: bytes) -> list[Row]:
    """The orders of an NDJSON body, one a line; empty lines do not count."""
    return _counted([Row(line) for line in body.splitlines() if line.strip()])


def _counted(rows: list[Row]) -> list[Row]:
    if len(rows) > MOST:
        raise validation_failed(
            [FieldError("/orders", "too_many", _("at most %(most)s orders") % {"most": MOST})]
        )
    if not rows:
        raise validation_failed([FieldError("/orders", "required", _("is empty"))])
    return rows


def place(
    rows: Sequence[Row], *, policy: str, machine: MachineIdentity, now: datetime
) -> dict[str, object]:
    """Judge every order and store the good ones; the answer says what became of each.

    With `reject_all` one bad order keeps all of them from being stored.
    """
    for row in rows:
        _check(row)
    _draft(rows, machine=machine, now=now)
    good = [row for row in rows if row.draft is not None]
    if policy == REJECT_ALL and len(good) < len(rows):
        _reject(good)
    elif good:
        _store(good, policy=policy, machine=machine, now=now)
    return _answer(rows)


def _check(row: Row) -> None:
    try:
        document = msgspec.json.decode(row.raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        row.problem = Problem(400, "malformed_json")
        return
    row.said, row.problem = read_new(document)


def read_new(document: object) -> tuple[Values, Problem | None]:
    """A new order, checked by itself: what it says, or what is wrong with it."""
    found = Findings()
    said = shapes.CREATE(document, "", found)
    if found.problem() is None:
        consistency.check_new(said, "", found)
    return said, found.problem()


def _draft(rows: Sequence[Row], *, machine: MachineIdentity, now: datetime) -> None:
    sound = [row for row in rows if row.problem is None]
    known = references.look_up([row.said for row in sound], machine=machine)
    for row in sound:
        try:
            channel_id = references.channel_of(row.said, known, machine)
            references.refuse_unknown(row.said, known)
        except Problem as problem:
            row.problem = problem
            continue
        row.draft = drafting.order_draft(
            row.said,
            known,
            channel_id=channel_id,
            machine=machine,
            now=now,
            raw_body=row.raw,
        )


def _store(rows: Sequence[Row], *, policy: str, machine: MachineIdentity, now: datetime) -> None:
    drafts = [row.draft for row in rows if row.draft is not None]
    try:
        placed = orders.place_new_orders(
            drafts=drafts, all_or_none=policy == REJECT_ALL, actor=machine.actor, now=now
        )
    except orders.OrderAlreadyPlaced as refusal:
        taken = dict(zip(refusal.places, refusal.orders, strict=True))
        for place_, row in enumerate(rows):
            if place_ in taken:
                row.problem = _taken(taken[place_], is_stored=taken[place_].outcome == "taken")
        _reject(row for row in rows if row.problem is None)
        return
    for row, intake in zip(rows, placed, strict=True):
        if intake.outcome == "placed":
            row.intake = intake
        else:
            row.problem = _taken(intake, is_stored=True)


def _taken(intake: Intake, *, is_stored: bool) -> Problem:
    """The number is taken; by an order of this call that is not stored either, there is no id."""
    existing = {"existing_id": order_id(intake)} if is_stored else {}
    return Problem(409, "duplicate_external_id", extensions=existing)


def _reject(rows: Iterable[Row]) -> None:
    for row in rows:
        detail = _("Nothing is wrong with it, but with another order of the call")
        row.problem = Problem(422, "validation_failed", detail)


def _answer(rows: Sequence[Row]) -> dict[str, object]:
    results = [_result(index, row) for index, row in enumerate(rows)]
    created = sum(row.intake is not None for row in rows)
    return {"created": created, "failed": len(rows) - created, "results": results}


def _result(index: int, row: Row) -> dict[str, object]:
    intake = row.intake
    return {
        "index": index,
        "status": "created" if intake else "failed",
        "id": order_id(intake) if intake else None,
        "number": numbers.shown(intake.number) if intake else None,
        "external_id": row.said.get("external_id") or None,
        "error": _told(row.problem) if row.problem else None,
    }


def _told(problem: Problem) -> dict[str, object]:
    """The members of a problem that are not the same for the whole call."""
    known = CODES[problem.code]
    body: dict[str, object] = {
        "status": problem.status,
        "code": problem.code,
        "title": str(known.title),
        "detail": problem.detail or str(known.meaning),
        **problem.extensions,
    }
    if problem.errors:
        body["errors"] = [error.body() for error in problem.errors]
    return body
