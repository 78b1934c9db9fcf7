"""How papers look: the templates that come with the system, and an organization's own."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from fulfillment.choices import TemplateKind
from fulfillment.models import DocumentTemplate
from fulfillment.papers import press, samples
from oms.accounts.models import Organization
from oms.kernel import errors
from oms.kernel.actors import Actor

MOST_LETTERS = 100_000


class TemplateBroken(errors.InvalidInput):
    """The template cannot be set. The message is what Typst says of it."""

    code = "template_broken"


class TemplateTooLong(errors.InvalidInput):
    """The template has more than MOST_LETTERS."""

    code = "template_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A source, and which version of the organization's it is; 0: the one of the system."""

    source: str
    version: int


def template_of(*, organization_id: int, kind: TemplateKind) -> Template:
    """The template that acts."""
    own = DocumentTemplate.objects.filter(organization_id=organization_id, kind=kind)
    latest = own.order_by("-number").first()
    if latest is None or not latest.source:
        return Template(source=built_in(kind), version=0)
    return Template(source=latest.source, version=latest.number)


@cache
def built_in(kind: TemplateKind) -> str:
    """The template that comes with the system."""
    directory: Path = settings.BASE_DIR / "templates" / "documents"
    return (directory / f"{kind.value.lower()}.typ").read_text("utf-8")


def preview_template(*, kind: TemplateKind, source: str, language: str, now: datetime) -> bytes:
    """A PDF of a template with made-up data; empty: the system's. Raises TemplateBroken,
    TemplateTooLong.
    """
    if len(source) > MOST_LETTERS:
        raise TemplateTooLong(f"The template has more than {MOST_LETTERS} letters")
    data = samples.sample(kind.value, language)
    try:
        return press.set_type(source or built_in(kind), data, at=now)
    except press.PressError as error:
        raise TemplateBroken(str(error)) from error


def save_template(
    *, organization_id: int, kind: TemplateKind, source: str, actor: Actor, now: datetime
) -> DocumentTemplate:
    """Make a new version act for papers drawn from now on; an empty one brings back the system's.

    Papers that were drawn stay as they are. The same source again makes no version. Raises
    TemplateBroken, TemplateTooLong: only what can be set is saved.
    """
    for language in samples.LANGUAGES:
        preview_template(kind=kind, source=source, language=language, now=now)
    with transaction.atomic():
        Organization.objects.select_for_update(of=("self",)).get(pk=organization_id)
        own = DocumentTemplate.objects.filter(organization_id=organization_id, kind=kind)
        latest = own.order_by("-number").first()
        if latest is not None and latest.source == source:
            return latest
        last = own.aggregate(last=Max("number"))["last"] or 0
        return DocumentTemplate.objects.create(
            organization_id=organization_id,
            kind=kind,
            number=last + 1,
            source=source,
            created_at=now,
            created_by=str(actor),
        )
