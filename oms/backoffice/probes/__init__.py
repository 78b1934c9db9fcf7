"""What can be stuck, and how it is seen. Registered by the AppConfig of the back office.

Every probe starts from an index of rows that wait or failed, so that looking costs what is stuck
and not what there is. Reasons name codes and counts; what buyers or carriers wrote stays where it
is kept.
"""

from oms.backoffice.probes import news, orders, points, remote, sellers
from oms.inbox import kinds


def register() -> None:
    """Make the kinds known, in the order in which people see them."""
    kinds.register(*orders.KINDS, *sellers.KINDS, *points.KINDS, *news.KINDS, *remote.KINDS)
