"""Who the person behind a request of the back office is, in the words of the services."""

from django.http import HttpRequest

from oms.accounts.models import User
from oms.kernel.actors import Actor
from oms.kernel.errors import Forbidden

NOBODYS = 0  # no organization has this key
_CACHED = "oms_organization_ids"


class ForeignOrganization(Forbidden):
    """The person does not work for the organization the object belongs to."""

    code = "foreign_organization"


def organization_ids(request: HttpRequest) -> tuple[int, ...] | None:
    """The organizations a person may see, None for all; read once per request."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return ()
    if user.is_superuser:
        return None
    cache = vars(request)
    if _CACHED not in cache:
        cache[_CACHED] = tuple(user.organizations.order_by("pk").values_list("pk", flat=True))
    known: tuple[int, ...] = cache[_CACHED]
    return known


def staff_actor(request: HttpRequest, *, organization_id: int | None = None) -> Actor:
    """The person, limited to the organization of the object at hand.

    Without one, a superuser has no limit and a person of one organization is limited to it.
    Refuses an organization the person does not work for: ForeignOrganization.
    """
    allowed = organization_ids(request)
    name = request.user.get_username()
    if allowed is None:
        return Actor(kind="staff", ref=name, organization_id=organization_id)
    if organization_id is None:
        organization_id = allowed[0] if len(allowed) == 1 else NOBODYS
    elif organization_id not in allowed:
        raise ForeignOrganization("This belongs to an organization you do not work for.")
    return Actor(kind="staff", ref=name, organization_id=organization_id)
