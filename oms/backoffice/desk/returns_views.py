"""The returns desk: scan what came back, receive it, judge it, say where it goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oms.backoffice.choices import Tone
from oms.backoffice.desk import returns_desk
from oms.backoffice.desk.pages import RETURNS, desk_view, page
from oms.backoffice.desk.points import work_at
from oms.backoffice.desk.returns_forms import REASONS, UnitForm
from oms.backoffice.desk.work import Work
from oms.kernel.errors import DomainError
from returns import queries, services
from returns.choices import UnitStatus
from returns.drafts import Receipt
from returns.models import ReturnOrder, ReturnUnit

ALL = "*ALL*"
_TONES = {Tone.RIGHT: messages.SUCCESS, Tone.WRONG: messages.ERROR}


@desk_view(RETURNS)
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Scan a return's number, its carrier's, a unit's, its order's, or an article."""
    work = work_at(request, point_id)
    said = request.POST.get("scan", "").strip()
    found = returns_desk.find(said, work=work) if request.method == "POST" else []
    if len(found) == 1:
        return HttpResponseRedirect(_url_of(found[0], work))
    context = {
        "work": work,
        "said": said,
        "found": [(row, _url_of(row, work)) for row in found],
        "is_lost": request.method == "POST" and not found,
        "at_work": [(row, _url_of(row, work)) for row in returns_desk.at_work(work=work)],
        "zone": work.point.organization.timezone,
    }
    return page(request, "returns_start.html", context, desk=RETURNS)


@desk_view(RETURNS)
def one(request: HttpRequest, point_id: int, public_id: UUID) -> HttpResponse:
    """One return: units are received by their scans, and judged one by one."""
    work = work_at(request, point_id)
    row = _row(public_id, work)
    if request.method != "POST":
        return _show(request, row, work)
    if "unit" in request.POST:
        return _inspect(request, row, work)
    _receive(request, row, work)
    return HttpResponseRedirect(_url_of(row, work))


def _row(public_id: UUID, work: Work) -> ReturnOrder:
    try:
        return queries.get_return(actor=returns_desk.anywhere(work), public_id=public_id)
    except queries.ReturnNotFound as exc:
        raise Http404(str(exc)) from exc


def _url_of(row: ReturnOrder, work: Work) -> str:
    return reverse("admin:returns_desk_return", args=[work.point.pk, row.public_id])


def _say(request: HttpRequest, tone: Tone, text: str) -> None:
    """Shown, and heard, after the redirect."""
    messages.add_message(request, _TONES[tone], text)


def _receive(request: HttpRequest, row: ReturnOrder, work: Work) -> None:
    """One scanned unit, or all that are expected."""
    text = (request.POST.get("command") or request.POST.get("scan", "")).strip()
    named: tuple[UUID, ...] = ()
    told = "Everything has arrived"
    if text.upper() != ALL:
        unit = returns_desk.unit_with(text, row)
        if unit is None:
            return _say(request, Tone.WRONG, f"{text or 'Nothing'} is not expected in {row}")
        named, told = (unit.public_id,), f"Unit {unit.position} has arrived: {unit.sku}"
    receipt = Receipt(unit_ids=named, point_id=work.point.pk)
    try:
        services.receive_return(
            public_id=row.public_id,
            receipt=receipt,
            actor=returns_desk.anywhere(work),
            now=work.now,
        )
    except DomainError as refusal:
        return _say(request, Tone.WRONG, str(refusal))
    return _say(request, Tone.RIGHT, told)


def _inspect(request: HttpRequest, row: ReturnOrder, work: Work) -> HttpResponse:
    """Store what was found of one unit, or show the form again."""
    unit = next((u for u in row.units.all() if str(u.public_id) == request.POST["unit"]), None)
    if unit is None:
        raise Http404("No such unit.")
    form = UnitForm(request.POST, prefix=_prefix(unit))
    if not form.is_valid():
        return _show(request, row, work, wrong=(unit, form))
    try:
        services.inspect_return(
            public_id=row.public_id,
            results=[form.result(unit.public_id)],
            actor=returns_desk.anywhere(work),
            now=work.now,
        )
    except DomainError as refusal:
        _say(request, Tone.WRONG, str(refusal))
    else:
        _say(request, Tone.RIGHT, f"Unit {unit.position} is done")
    return HttpResponseRedirect(_url_of(row, work))


def _prefix(unit: ReturnUnit) -> str:
    return f"u{unit.position}"


def _show(
    request: HttpRequest,
    row: ReturnOrder,
    work: Work,
    *,
    wrong: tuple[ReturnUnit, UnitForm] | None = None,
) -> HttpResponse:
    units = [(unit, _form_of(unit, wrong)) for unit in row.units.all()]
    context: dict[str, Any] = {
        "work": work,
        "row": row,
        "units": units,
        "is_expected": any(unit.status == UnitStatus.EXPECTED for unit, _ in units),
        "reasons": REASONS,
        "zone": work.point.organization.timezone,
    }
    shown = page(request, "return.html", context, desk=RETURNS)
    shown.status_code = 422 if wrong else 200
    return shown


def _form_of(unit: ReturnUnit, wrong: tuple[ReturnUnit, UnitForm] | None) -> UnitForm | None:
    """A form for a unit that waits to be judged."""
    if wrong is not None and wrong[0].pk == unit.pk:
        return wrong[1]
    if unit.status != UnitStatus.RECEIVED:
        return None
    return UnitForm(prefix=_prefix(unit))
