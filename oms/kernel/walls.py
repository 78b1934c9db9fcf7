"""The second wall between organizations: whose rows the database shows this thread (docs/adr/0019).

Inside, the session has the role `oms_tenant` and names one organization, and row-level security
leaves out everybody else's rows, whatever a query forgot. Outside it is `oms_app`, which sees all.
"""

from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

OUTSIDE = "oms_app"
INSIDE = "oms_tenant"

_MOVE = (
    "SELECT set_config('role', %s::text, false), set_config('oms.organization', %s::text, false)"
)
_standing: "WeakKeyDictionary[BaseDatabaseWrapper, int]" = WeakKeyDictionary()


def inside(organization_id: int) -> None:
    """From here on this thread sees and writes rows of one organization only.

    Costs nothing when that is so already, one statement otherwise. Belongs before any transaction:
    one that rolls back would take the wall down with it.
    """
    _move(organization_id)


def outside() -> None:
    """From here on this thread sees all rows again. Costs nothing when it does already."""
    _move(None)


def organization() -> int | None:
    """The organization this thread is inside of."""
    return _standing.get(transaction.get_connection())


def _move(organization_id: int | None) -> None:
    wrapper = transaction.get_connection()
    if _standing.get(wrapper) == organization_id:
        return
    # A connection that died while nobody used it is dropped here; its successor starts outside.
    wrapper.close_if_health_check_failed()
    if wrapper.connection is not None:
        _tell(wrapper, organization_id)
    if organization_id is None:
        del _standing[wrapper]
    else:
        _standing[wrapper] = organization_id


def _tell(wrapper: BaseDatabaseWrapper, organization_id: int | None) -> None:
    role = OUTSIDE if organization_id is None else INSIDE
    told = "" if organization_id is None else str(organization_id)
    with wrapper.wrap_database_errors:
        wrapper.connection.execute(_MOVE, (role, told), prepare=True)


def _raise_again(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """A connection made while its thread is inside starts inside."""
    organization_id = _standing.get(connection)
    if organization_id is not None:
        _tell(connection, organization_id)


connection_created.connect(_raise_again, dispatch_uid="oms.kernel.walls")
