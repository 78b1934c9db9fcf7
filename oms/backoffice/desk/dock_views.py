"""The dock: what waits for which carrier until when, manifests, and hand-overs."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.files import File
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from fulfillment import queries
from fulfillment import services as fulfillment
from fulfillment.choices import DocumentKind
from fulfillment.models import Document, FulfillmentTask, Handover, Manifest
from fulfillment.services import HandoverDraft, ManifestDraft, TasksUnfit, paper_jobs
from oms.backoffice.desk import dock, papers
from oms.backoffice.desk.dock_forms import HandoverForm, SignedForm
from oms.backoffice.desk.pages import DOCK, desk_view, file_response, page
from oms.backoffice.desk.points import work_at
from oms.backoffice.desk.work import Work
from oms.kernel.errors import DomainError


@desk_view(DOCK)
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Parcels by carrier with their cut-offs, manifests that wait, and what left today."""
    work = work_at(request, point_id)
    if request.method == "POST":
        return _make_manifest(request, work)
    context = {
        "work": work,
        "carriers": dock.carriers(work=work),
        "manifests": dock.open_manifests(work=work),
        "handovers": dock.left_today(work=work),
        "zone": work.point.timezone or work.point.organization.timezone,
    }
    return page(request, "dock.html", context, desk=DOCK)


@desk_view(DOCK)
def handover(request: HttpRequest, point_id: int) -> HttpResponse:
    """Ask for vehicle, remarks and papers, then hand over what was ticked or is on a manifest."""
    work = work_at(request, point_id)
    task_ids, carrier = _chosen(request, work)
    if not task_ids:
        messages.warning(request, "Tick what the carrier takes")
        return HttpResponseRedirect(DOCK.url_at(point_id))
    is_answer = request.method == "POST" and "vehicle_number" in request.POST
    form = HandoverForm(
        request.POST if is_answer else None,
        request.FILES if is_answer else None,
        initial={"carrier": carrier},
    )
    if is_answer and form.is_valid():
        return _hand_over(request, form, task_ids, work)
    context = {
        "work": work,
        "form": form,
        "tasks": FulfillmentTask.objects.visible_to(work.actor)
        .filter(pk__in=task_ids)
        .select_related("order")
        .order_by("pk"),
        "task_ids": task_ids,
    }
    shown = page(request, "handover.html", context, desk=DOCK)
    shown.status_code = 422 if is_answer else 200
    return shown


@require_POST
@desk_view(DOCK)
def sign(request: HttpRequest, point_id: int, handover_id: int) -> HttpResponse:
    """File the paper the driver signed."""
    work = work_at(request, point_id)
    form = SignedForm(request.POST, request.FILES)
    if form.is_valid():
        _file_signed(request, handover_id, form.cleaned_data["signed"], work)
    else:
        messages.warning(request, "Choose a file first")
    return HttpResponseRedirect(DOCK.url_at(point_id))


@require_safe
@desk_view(DOCK)
def manifest_paper(request: HttpRequest, point_id: int, manifest_id: int) -> HttpResponse:
    """The manifest on paper; drawn now if it is not yet."""
    work = work_at(request, point_id)
    found = Manifest.objects.visible_to(work.actor).filter(pk=manifest_id).first()
    return _paper(found, DocumentKind.MANIFEST, work)


@require_safe
@desk_view(DOCK)
def handover_paper(request: HttpRequest, point_id: int, handover_id: int) -> HttpResponse:
    """The hand-over on paper; drawn now if it is not yet."""
    work = work_at(request, point_id)
    found = Handover.objects.visible_to(work.actor).filter(pk=handover_id).first()
    return _paper(found, DocumentKind.HANDOVER, work)


@require_safe
@desk_view(DOCK)
def signed_paper(request: HttpRequest, point_id: int, handover_id: int) -> HttpResponse:
    """What the driver signed, as it was filed."""
    work = work_at(request, point_id)
    seen = Handover.objects.visible_to(work.actor).select_related("signed_content")
    found = seen.filter(pk=handover_id, signed_content__isnull=False).first()
    if found is None or found.signed_content is None:
        raise Http404("No signed paper is on file.")
    content = queries.label_bytes(Document(content=found.signed_content))
    return file_response(content, found.number, media_type=found.signed_content.media_type)


def _paper(of: Manifest | Handover | None, kind: DocumentKind, work: Work) -> HttpResponse:
    if of is None:
        raise Http404("No such paper.")
    with transaction.atomic():
        asked = paper_jobs.ask_for_paper(kind=kind, of=of, now=work.now)
    try:
        return file_response(papers.join([asked.pk], work=work), of.number)
    except queries.DocumentNotFound as exc:
        raise Http404(str(exc)) from exc


def _ticked(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.POST.getlist("task") if key.isdecimal()][: dock.MOST]


def _chosen(request: HttpRequest, work: Work) -> tuple[list[int], str]:
    """Tasks that were ticked, or those on the manifest named; and who takes them."""
    named = request.GET.get("manifest", "")
    if not named.isdecimal():
        return _ticked(request), request.POST.get("carrier", "")
    manifest, tasks = dock.tasks_on(manifest_id=int(named), work=work)
    return tasks, manifest.carrier if manifest else ""


def _make_manifest(request: HttpRequest, work: Work) -> HttpResponse:
    draft = ManifestDraft(
        point_id=work.point.pk,
        channel_id=None,
        carrier=request.POST.get("carrier", "").strip(),
        task_ids=_ticked(request),
    )
    try:
        made = fulfillment.make_manifest(draft=draft, actor=work.actor, now=work.now)
    except DomainError as refusal:
        messages.warning(request, _reasons(refusal))
    else:
        messages.success(request, f"Manifest {made.number} is made")
    return HttpResponseRedirect(DOCK.url_at(work.point.pk))


def _hand_over(
    request: HttpRequest, form: HandoverForm, task_ids: Sequence[int], work: Work
) -> HttpResponse:
    said: dict[str, Any] = dict(form.cleaned_data)
    signed = said.pop("signed")
    draft = HandoverDraft(point_id=work.point.pk, channel_id=None, task_ids=task_ids, **said)
    try:
        made = fulfillment.hand_over(draft=draft, actor=work.actor, now=work.now)
    except DomainError as refusal:
        messages.warning(request, _reasons(refusal))
        return HttpResponseRedirect(DOCK.url_at(work.point.pk))
    messages.success(request, f"{made.carrier} has it: hand-over {made.number}")
    if signed is not None:
        _file_signed(request, made.pk, signed, work)
    return HttpResponseRedirect(DOCK.url_at(work.point.pk))


def _file_signed(request: HttpRequest, handover_id: int, signed: File[bytes], work: Work) -> None:
    try:
        filed = fulfillment.file_signed_paper(
            handover_id=handover_id, content=signed.read(), actor=work.actor, now=work.now
        )
    except DomainError as refusal:
        messages.warning(request, f"The signed document was not filed: {refusal}")
    else:
        messages.success(request, f"The signed document of {filed.number} is filed")


def _reasons(refusal: DomainError) -> str:
    """What is wrong, and with which tasks."""
    if not isinstance(refusal, TasksUnfit):
        return str(refusal)
    told = (f"{number} {why.value.replace('_', ' ')}" for number, why in refusal.reasons.items())
    return f"Nothing was done: {', '.join(told)}"
