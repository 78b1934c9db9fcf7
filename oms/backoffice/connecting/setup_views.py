"""The set-up page, and what its buttons do: each asks first and shows what will change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from channels_app import remote_desk
from channels_app.remote_desk import Answer, RemoteHook
from fulfillment.services.commands import seed_transitions
from oms.accounts.actors import staff_actor
from oms.accounts.models import Organization
from oms.backoffice.connecting import guide
from oms.backoffice.connecting.connection_steps import MAY_ACT, missing_copies
from oms.backoffice.connecting.facts import Facts
from oms.backoffice.connecting.steps import Mode, counted
from oms.backoffice.formats import chip
from oms.backoffice.pages import SETUP, chooser, demand, draw, organization_of, page_view
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError

choose = chooser(SETUP)


@page_view(SETUP)
def overview(request: HttpRequest, organization_id: int) -> HttpResponse:
    """Every step of the guide: done, missing, or known to the other side only."""
    organization = organization_of(request, organization_id)
    facts = Facts(organization)
    wanted = request.GET.get("mode", "")
    mode = Mode(wanted) if wanted in Mode.values else facts.mode
    facts.mode = mode
    chapters = guide.chapters(facts, timezone.now())
    context = {
        "organization": organization,
        "subtitle": organization.name,
        "mode": mode,
        "modes": Mode,
        "chapters": chapters,
        "progress": guide.progress(chapters),
        "may": set(request.user.get_all_permissions()) if request.user.is_authenticated else set(),
    }
    return draw(request, "setup.html", context, page=SETUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deed:
    """What a button does. `look` says what will change; nothing is changed by looking."""

    title: str
    text: str
    label: str
    look: Callable[[Facts], "_Prospect"]
    work: Callable[[Facts, Actor], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prospect:
    """What will change, and what stays. Nothing will: the button is left out."""

    changes: Sequence[str] = ()
    table: Mapping[str, Any] | None = None
    nothing: str = "There is nothing to do."


@page_view(SETUP)
def act(request: HttpRequest, organization_id: int, name: str) -> HttpResponse:
    """Ask, then do."""
    demand(request, MAY_ACT)
    organization = organization_of(request, organization_id)
    if name in TRIALS:
        return _test(request, organization, name)
    deed = DEEDS.get(name)
    if deed is None:
        raise Http404("No such action.")
    facts = Facts(organization)
    if request.method == "POST":
        return _do(request, deed, facts)
    try:
        prospect = deed.look(facts)
    except DomainError as refused:
        prospect = _Prospect(nothing=str(refused))
    context = {
        "organization": organization,
        "title": deed.title,
        "text": deed.text,
        "label": deed.label,
        "changes": prospect.changes,
        "table": prospect.table,
        "nothing": prospect.nothing,
        "back": SETUP.url_of(organization.pk),
    }
    return draw(request, "setup_act.html", context, page=SETUP)


def _do(request: HttpRequest, deed: _Deed, facts: Facts) -> HttpResponse:
    try:
        done = deed.work(facts, staff_actor(request, organization_id=facts.organization.pk))
    except DomainError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(SETUP.url_of(facts.organization.pk))


def _test(request: HttpRequest, organization: Organization, name: str) -> HttpResponse:
    """Call each endpoint and show what came. Asked for by a button, because it takes a while."""
    title, ask = TRIALS[name]
    context: dict[str, Any] = {
        "organization": organization,
        "title": title,
        "back": SETUP.url_of(organization.pk),
        "refusal": "",
        "table": None,
    }
    if request.method == "POST":
        try:
            answers = ask(organization.pk)
        except DomainError as refused:
            context["refusal"] = str(refused)
        else:
            context["table"] = _answers_table(answers)
    return draw(request, "setup_test.html", context, page=SETUP)


def _test_connection(organization_id: int) -> Sequence[Answer]:
    return remote_desk.desk().test(organization_id=organization_id)


def _test_carriers(organization_id: int) -> Sequence[Answer]:
    return remote_desk.desk().test_carriers(organization_id=organization_id)


TRIALS: Mapping[str, tuple[str, Callable[[int], Sequence[Answer]]]] = {
    "test": ("Test the connection", _test_connection),
    "test-carriers": ("Test the carrier extensions", _test_carriers),
}


def _answers_table(answers: Sequence[Answer]) -> dict[str, Any]:
    return {
        "labels": ["Endpoint", "", "Answer", "Time", "Address"],
        "rows": [
            [
                each.endpoint,
                chip("READY", "Well") if each.is_well else chip("FAILED", "Not well"),
                each.said,
                f"{each.milliseconds:,} ms",
                each.url,
            ]
            for each in answers
        ],
    }


def _hooks_table(hooks: Sequence[RemoteHook], changing: Sequence[str]) -> dict[str, Any]:
    """The other side's hooks, those that change first."""
    ranked = sorted(hooks, key=lambda each: (each.key not in changing, not each.is_ours))
    return {
        "title": f"All {len(hooks)} hooks of the other side",
        "labels": ["Hook", "Event", "Calls", "", "Will"],
        "rows": [
            [
                each.key,
                each.event_type,
                each.target_url,
                chip("READY", "On") if each.is_active else chip("VOID", "Off"),
                "be switched off" if each.key in changing else "stay",
            ]
            for each in ranked
        ],
    }


def _look_at_hooks(facts: Facts) -> _Prospect:
    hooks = remote_desk.desk().hooks(organization_id=facts.organization.pk)
    changing = [each for each in hooks if each.is_ours and each.is_active]
    return _Prospect(
        changes=[f"{each.event_type} (hook {each.key})" for each in changing],
        table=_hooks_table(hooks, [each.key for each in changing]),
        nothing="None of the six is on.",
    )


def _deactivate(facts: Facts, actor: Actor) -> str:
    changed = remote_desk.desk().deactivate_hooks(
        organization_id=facts.organization.pk, actor=actor, now=timezone.now()
    )
    return f"{counted(len(changed), 'hook')} switched off."


def _look_for_missing(facts: Facts) -> _Prospect:
    hooks = remote_desk.desk().hooks(organization_id=facts.organization.pk)
    on = {each.event_type for each in hooks if each.is_ours and each.is_active}
    missing = [name for name in guide.THE_SIX if name not in on]
    return _Prospect(
        changes=missing, table=_hooks_table(hooks, []), nothing="All of the six are on."
    )


def _create(facts: Facts, actor: Actor) -> str:
    made = remote_desk.desk().create_hooks(
        organization_id=facts.organization.pk, actor=actor, now=timezone.now()
    )
    return f"{counted(len(made), 'hook')} made."


def _look_at_package_hooks(facts: Facts) -> _Prospect:
    wanted = remote_desk.desk().package_hooks(organization_id=facts.organization.pk)
    missing = [f"{each.event_type} to {each.target_url}" for each in wanted if not each.is_there]
    return _Prospect(changes=missing, nothing="All of them are there.")


def _create_package_hooks(facts: Facts, actor: Actor) -> str:
    made = remote_desk.desk().create_package_hooks(
        organization_id=facts.organization.pk, actor=actor, now=timezone.now()
    )
    return f"{counted(len(made), 'hook')} made."


def _look_at_copies(facts: Facts) -> _Prospect:
    return _Prospect(
        changes=[kind.label for kind in missing_copies(facts)],
        nothing="Everything was copied, or is being copied.",
    )


def _copy(facts: Facts, actor: Actor) -> str:
    kinds = missing_copies(facts)
    for kind in kinds:
        remote_desk.desk().start_copy(
            organization_id=facts.organization.pk, kind=kind, actor=actor, now=timezone.now()
        )
    return f"{counted(len(kinds), 'copy', 'copies')} begun; reload this page to see how far it is."


def _look_at_transitions(_facts: Facts) -> _Prospect:
    return _Prospect(changes=["Those of the usual transitions that are missing are made."])


def _seed(facts: Facts, _actor: Actor) -> str:
    made = seed_transitions(facts.organization.pk, now=timezone.now())
    return f"{counted(made, 'transition')} made."


DEEDS: Mapping[str, _Deed] = {
    "deactivate-hooks": _Deed(
        title="Switch off Omnitron's six hooks",
        text="Orders, cancellations and stores then come from Seller Center only. All other hooks "
        "stay as they are.",
        label="Switch off",
        look=_look_at_hooks,
        work=_deactivate,
    ),
    "create-hooks": _Deed(
        title="Make what is missing of the six hooks",
        text="Omnitron then tells of orders, cancellations and stores as they happen.",
        label="Make hooks",
        look=_look_for_missing,
        work=_create,
    ),
    "create-package-hooks": _Deed(
        title="Make the hooks that Seller Center needs",
        text="Seller Center then hears of every package and of each of its states.",
        label="Make hooks",
        look=_look_at_package_hooks,
        work=_create_package_hooks,
    ),
    "copy": _Deed(
        title="Copy from Omnitron",
        text="It is done in the background and can be repeated: what is known is brought up to "
        "date.",
        label="Copy",
        look=_look_at_copies,
        work=_copy,
    ),
    "seed-transitions": _Deed(
        title="Make the usual transitions",
        text="Transitions that are there stay as they are.",
        label="Make transitions",
        look=_look_at_transitions,
        work=_seed,
    ),
}
