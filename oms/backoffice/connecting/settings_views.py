"""Application settings: which there are, a form for each, what each was, and back to that."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from oms.accounts import app_settings
from oms.accounts.actors import staff_actor
from oms.accounts.app_settings import SettingInvalid, SettingKind
from oms.accounts.models import ApplicationSetting, Organization, SettingChange
from oms.backoffice.acting import PageAction
from oms.backoffice.connecting.facts import CONNECTION, SHIPPING
from oms.backoffice.differences import Difference, differences
from oms.backoffice.formats import actor_name, chip, moment
from oms.backoffice.pages import SETTINGS, chooser, demand, draw, organization_of, page_view
from oms.backoffice.schema_forms import SchemaForm
from oms.backoffice.schema_forms.reading import UNSAID
from oms.kernel.errors import DomainError

MAY_CHANGE = "accounts.change_applicationsetting"
SHOWN_CHANGES = 50
TRIALS = {CONNECTION: "test", SHIPPING: "test-carriers"}

choose = chooser(SETTINGS)


@page_view(SETTINGS)
def listed(request: HttpRequest, organization_id: int) -> HttpResponse:
    """Every key that is known or set, and whether it is."""
    organization = organization_of(request, organization_id)
    rows = ApplicationSetting.objects.filter(organization=organization).order_by("key")
    stored = {row.key: row for row in rows}
    known = {kind.key: kind for kind in app_settings.registered()}
    keys = sorted({*known, *stored})
    entries = [_entry(organization, key, known.get(key), stored.get(key)) for key in keys]
    context = {"organization": organization, "subtitle": organization.name, "entries": entries}
    return draw(request, "settings_list.html", context, page=SETTINGS)


def _entry(
    organization: Organization,
    key: str,
    kind: SettingKind | None,
    row: ApplicationSetting | None,
) -> dict[str, Any]:
    return {
        "key": key,
        "title": kind.title if kind else key,
        "help": kind.help if kind else "Nobody here reads it; it is kept for others.",
        "url": _url("edit", organization.pk, key),
        "state": chip("READY", f"Version {row.version}") if row else chip("VOID", "Not set"),
        "changed": moment(row.updated_at, organization.timezone) if row else "",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Editing:
    """One key of one organization."""

    organization: Organization
    key: str
    kind: SettingKind | None
    row: ApplicationSetting | None

    @property
    def schema(self) -> Any:
        """Its schema; anything goes for a key that nobody registered."""
        return self.kind.schema if self.kind else {}

    @property
    def shown(self) -> Any:
        """The value the form begins with."""
        if self.row is not None:
            return self.row.value
        return UNSAID if self.kind is None or self.kind.default is None else self.kind.default


@page_view(SETTINGS)
def edit(request: HttpRequest, organization_id: int, key: str) -> HttpResponse:
    """The form of one key. Secrets are never shown; an empty one stays as it is."""
    editing = _editing(request, organization_id, key)
    if request.method != "POST":
        return _form(request, editing, SchemaForm(editing.schema, value=editing.shown))
    demand(request, MAY_CHANGE)
    form = SchemaForm(editing.schema, posted=request.POST)
    if not form.is_valid() or not _saved(request, editing, form):
        return _form(request, editing, form)
    messages.success(request, f"{key} is set.")
    return HttpResponseRedirect(_url("edit", organization_id, key))


def _editing(request: HttpRequest, organization_id: int, key: str) -> _Editing:
    organization = organization_of(request, organization_id)
    kind = app_settings.kind_of(key)
    row = app_settings.setting_by_key(organization_id=organization.pk, key=key)
    known = kind or row or _changes(organization, key).exists()
    if not known:
        raise Http404("No such setting.")
    return _Editing(organization=organization, key=key, kind=kind, row=row)


def _saved(request: HttpRequest, editing: _Editing, form: SchemaForm) -> bool:
    """Whether the service took the value; what it has against it stands in the form."""
    version = request.POST.get("version", "")
    try:
        app_settings.set_setting(
            organization_id=editing.organization.pk,
            key=editing.key,
            value=None if form.value is UNSAID else form.value,
            actor=staff_actor(request, organization_id=editing.organization.pk),
            now=timezone.now(),
            expected_version=int(version) if version.isdecimal() else None,
        )
    except SettingInvalid as refused:
        form.add_errors({each.path: [each.text] for each in refused.problems})
    except DomainError as refused:
        form.add_errors({"": [str(refused)]})
    return not form.errors


def _form(request: HttpRequest, editing: _Editing, form: SchemaForm) -> HttpResponse:
    organization, key = editing.organization, editing.key
    changes = list(_changes(organization, key)[:SHOWN_CHANGES])
    version = request.POST.get("version") or (editing.row.version if editing.row else 0)
    context = {
        "organization": organization,
        "title": editing.kind.title if editing.kind else key,
        "subtitle": f"{key} of {organization.name}",
        "help": editing.kind.help if editing.kind else "",
        "form": form,
        "version": version,
        "is_set": editing.row is not None,
        "may_change": request.user.has_perm(MAY_CHANGE),
        "history": [_past(organization, key, change) for change in changes],
        "page_actions": _buttons(request, editing),
        "back": SETTINGS.url_of(organization.pk),
    }
    return draw(request, "setting.html", context, page=SETTINGS)


def _buttons(request: HttpRequest, editing: _Editing) -> list[PageAction]:
    """What can be done besides saving."""
    if editing.row is None or not request.user.has_perm(MAY_CHANGE):
        return []
    organization_id, key = editing.organization.pk, editing.key
    buttons = []
    if trial := TRIALS.get(key):
        test = reverse("admin:remote_setup_act", args=[organization_id, trial])
        buttons.append(PageAction("Test connection", test, is_destructive=False, refusal=""))
    unset = _url("remove", organization_id, key)
    return [*buttons, PageAction("Unset", unset, is_destructive=True, refusal="")]


def _past(organization: Organization, key: str, change: SettingChange) -> dict[str, Any]:
    return {
        "version": change.version,
        "what": "was unset" if change.is_removal else "was set",
        "by": actor_name(change.changed_by),
        "at": moment(change.changed_at, organization.timezone),
        "url": _url("version", organization.pk, key, change.version),
    }


@page_view(SETTINGS)
def version_page(
    request: HttpRequest, organization_id: int, key: str, version: int
) -> HttpResponse:
    """What one change made different, what is different now, and the way back to it."""
    editing = _editing(request, organization_id, key)
    change = _changes(editing.organization, key).filter(version=version).first()
    if change is None:
        raise Http404("No such version.")
    if request.method == "POST":
        return _restore(request, editing, change)
    before = _changes(editing.organization, key).filter(version__lt=version).first()
    is_now = editing.row is not None and editing.row.version == version
    context = {
        "organization": editing.organization,
        "title": f"{key}, version {version}",
        "subtitle": editing.organization.name,
        "by": actor_name(change.changed_by),
        "at": moment(change.changed_at, editing.organization.timezone),
        "made": _between(before, change),
        "since": [] if is_now else differences(_value(change), _value(editing.row)),
        "is_now": is_now,
        "can_restore": not is_now and not change.is_removal and request.user.has_perm(MAY_CHANGE),
        "back": _url("edit", organization_id, key),
    }
    return draw(request, "setting_version.html", context, page=SETTINGS)


def _between(before: SettingChange | None, change: SettingChange) -> list[Difference]:
    """Secrets stand as masks on both sides, so that a new one is told by its own line."""
    found = differences(_value(before), _value(change))
    if before is not None and not found and not change.is_removal:
        return [Difference("a secret", "", "was changed")]
    return found


def _value(row: SettingChange | ApplicationSetting | None) -> Any:
    if row is None or getattr(row, "is_removal", False):
        return {}
    return row.value


def _restore(request: HttpRequest, editing: _Editing, change: SettingChange) -> HttpResponse:
    demand(request, MAY_CHANGE)
    try:
        app_settings.restore_setting(
            organization_id=editing.organization.pk,
            key=editing.key,
            version=change.version,
            actor=staff_actor(request, organization_id=editing.organization.pk),
            now=timezone.now(),
        )
    except DomainError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{editing.key} is as it was at version {change.version}.")
    return HttpResponseRedirect(_url("edit", editing.organization.pk, editing.key))


@page_view(SETTINGS)
def remove(request: HttpRequest, organization_id: int, key: str) -> HttpResponse:
    """Ask, then unset the key."""
    demand(request, MAY_CHANGE)
    editing = _editing(request, organization_id, key)
    if request.method == "POST":
        try:
            app_settings.remove_setting(
                organization_id=organization_id,
                key=key,
                actor=staff_actor(request, organization_id=organization_id),
                now=timezone.now(),
            )
        except DomainError as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{key} is not set any more.")
        return HttpResponseRedirect(SETTINGS.url_of(organization_id))
    context = {
        "organization": editing.organization,
        "title": f"Unset {key}",
        "text": "What holds while it is not set holds again. Its history stays, and each version "
        "can be restored.",
        "label": "Unset",
        "back": _url("edit", organization_id, key),
    }
    return draw(request, "confirm.html", context, page=SETTINGS)


def _changes(organization: Organization, key: str) -> Any:
    return app_settings.changes_feed(organization_id=organization.pk, key=key)


def _url(name: str, *parts: Any) -> str:
    return reverse(f"admin:app_settings_{name}", args=parts)
