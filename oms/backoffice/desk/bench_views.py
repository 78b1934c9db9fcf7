"""The pick and pack bench: one field that takes scans, and what they led to."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from oms.backoffice.choices import SessionEnd, Tone
from oms.backoffice.desk import board as boards
from oms.backoffice.desk import command_sheet, papers, scanning, sessions
from oms.backoffice.desk.pages import BENCH, desk_view, file_response, page
from oms.backoffice.desk.points import work_at
from oms.backoffice.desk.scans import Command, read
from oms.backoffice.desk.work import Work
from oms.backoffice.models import PackingSession
from oms.kernel import errors

SHOWN = 8  # waiting tasks on the start page
FRAGMENT = "X-Bench"  # sent by the page's own script, which needs the changing part only
_TEMPLATES = "admin/backoffice/desk/"


@desk_view(BENCH)
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """The bench without a task: scan a number, or take the next one."""
    work = work_at(request, point_id)
    if request.method == "POST":
        return _begin(request, work)
    return _start(request, work)


@desk_view(BENCH)
def session(request: HttpRequest, point_id: int, session_id: int) -> HttpResponse:
    """A task at the bench. Once it is packed, the field takes the number of the next one."""
    work = work_at(request, point_id)
    try:
        found = scanning.session_of(session_id=session_id, work=work)
    except scanning.NoSuchSession as exc:
        raise Http404(str(exc)) from exc
    if request.method != "POST":
        return _show(request, found, work)
    if found.ended_at is not None:
        return _begin(request, work, after=found)
    found = scanning.scan(
        session_id=session_id, text=_said(request), token=_token(request), work=work
    )
    if found.end == SessionEnd.LEFT:
        return HttpResponseRedirect(BENCH.url_at(point_id))
    if FRAGMENT in request.headers:
        return _show(request, found, work)
    return HttpResponseRedirect(_url_of(found, work))


@require_safe
@xframe_options_sameorigin
@desk_view(BENCH)
def print_papers(request: HttpRequest, point_id: int, parcel_id: int) -> HttpResponse:
    """Label and invoice of a parcel as one file, in this order; made now if they are not yet."""
    work = work_at(request, point_id)
    try:
        made = papers.one_file(parcel_id=parcel_id, work=work)
    except errors.NotFound as exc:
        raise Http404(str(exc)) from exc
    return file_response(made, f"papers-{parcel_id}")


@require_safe
@desk_view(BENCH)
def commands(_request: HttpRequest) -> HttpResponse:
    """The commands as bar codes, to be hung up at the bench."""
    return file_response(command_sheet.draw(), "bench-commands")


def _said(request: HttpRequest) -> str:
    """A button's command, or what was scanned."""
    return request.POST.get("command") or request.POST.get("scan", "")


def _token(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


def _url_of(found: PackingSession, work: Work) -> str:
    return reverse("admin:bench_session", args=[work.point.pk, found.pk])


def _begin(
    request: HttpRequest, work: Work, *, after: PackingSession | None = None
) -> HttpResponse:
    """Open what a scan names, or say why not."""
    text = _said(request).strip()
    if after is not None and after.parcel_id and read(text).command == Command.PRINT:
        return HttpResponseRedirect(_papers_url(after.parcel_id, work))
    try:
        opened = _open(request, text, work, after=after)
    except errors.DomainError as refusal:
        if after is not None:
            after.tone, after.said = Tone.WRONG, str(refusal)
            return _show(request, after, work)
        return _start(request, work, refusal=refusal, text=text)
    return HttpResponseRedirect(_url_of(opened, work))


def _open(
    request: HttpRequest, text: str, work: Work, *, after: PackingSession | None
) -> PackingSession:
    scan = read(text)
    if scan.command == Command.NEXT:
        return sessions.take_next(work=work, picklist=after.picklist if after else None)
    if not scan.code or scan.command is not None:
        raise sessions.NothingFound("Scan an order, a picklist or a task first")
    takes_over = request.POST.get("again") == text
    return sessions.open_task(sessions.find(scan.code, work=work), work=work, takes_over=takes_over)


def _start(
    request: HttpRequest, work: Work, *, refusal: errors.DomainError | None = None, text: str = ""
) -> HttpResponse:
    waiting = list(sessions.waiting_tasks(work=work)[: SHOWN + 1])
    packed = refusal.parcels if isinstance(refusal, sessions.NothingToPack) else ()
    context: dict[str, Any] = {
        "work": work,
        "refusal": refusal,
        "again": text if isinstance(refusal, sessions.WithColleague) else "",
        "reprints": [(parcel, _papers_url(parcel.pk, work)) for parcel in packed],
        "begun": [(each, _url_of(each, work)) for each in sessions.open_sessions(work=work)],
        "waiting": waiting[:SHOWN],
        "is_cut": len(waiting) > SHOWN,
        "zone": work.point.organization.timezone,
    }
    return _draw(request, "bench_start", context, status=409 if refusal else 200)


def _show(request: HttpRequest, found: PackingSession, work: Work) -> HttpResponse:
    context = {
        "work": work,
        "session": found,
        "board": boards.load(found),
        "papers": _papers_url(found.parcel_id, work) if found.parcel_id else "",
        "token": uuid4(),
    }
    return _draw(request, "bench_session", context)


def _papers_url(parcel_id: int, work: Work) -> str:
    return reverse("admin:bench_papers", args=[work.point.pk, parcel_id])


def _draw(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The whole page, or for the page's own script its changing part."""
    if FRAGMENT in request.headers:
        return render(request, f"{_TEMPLATES}{name}_state.html", context)
    shown = page(request, f"{name}.html", context, desk=BENCH)
    shown.status_code = status
    return shown
