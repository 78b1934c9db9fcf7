"""Filters by the other side's countries and cities: by its keys, and by its names and codes.

Rows hold what they were told, a name or a code; `column` leads to it, and each row has an
organization.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from oms.api.akinon.filtering import Filter, whole


def by_key(kind: RemoteKind, column: str) -> Filter:
    """Rows at the place of this key."""

    def ask(text: str) -> Q:
        here = _at(kind, column).filter(remote_key=str(whole(text)))
        return Q(Exists(here))

    return ask


def by_name(kind: RemoteKind, column: str) -> Filter:
    """Rows at a place of this name or code, as they tell it or as the other side does."""

    def ask(text: str) -> Q:
        meant = _at(kind, column).filter(Q(said_name__iexact=text) | Q(said_code__iexact=text))
        return Q(**{f"{column}__iexact": text}) | Q(Exists(meant))

    return ask


def by_either(kind: RemoteKind, column: str) -> Filter:
    """By key where it is a number."""
    named, keyed = by_name(kind, column), by_key(kind, column)
    return lambda text: keyed(text) if text.isascii() and text.isdigit() else named(text)


def _at(kind: RemoteKind, column: str) -> "QuerySet[RemoteKey]":
    """What is known of the place where a row is."""
    known = RemoteKey.objects.filter(organization_id=OuterRef("organization_id"), kind=kind)
    named = known.annotate(said_name=KT("data__name"), said_code=KT("data__code"))
    return named.filter(
        Q(said_name__iexact=OuterRef(column)) | Q(said_code__iexact=OuterRef(column))
    )
