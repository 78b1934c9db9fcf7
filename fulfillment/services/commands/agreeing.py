"""Asking the source of an order whether it agrees, before a command that wants it to.

A plug: the connector that knows a source registers itself. The network is used, so nothing of this
is done inside a transaction.
"""

from collections.abc import Sequence
from typing import Protocol

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask
from fulfillment.services.commands.scene import MoveNotAllowed
from oms.kernel import errors
from oms.kernel.actors import Actor


class SourceDisagrees(MoveNotAllowed):
    """The order's source has an item elsewhere than in a packed box. `details["items"]` says which,
    by the source's keys.
    """

    code = "source_disagrees"


class SourceUnreachable(errors.Conflict):
    """The order's source could not be asked. The task is where it was."""

    code = "source_unreachable"


class OrderSource(Protocol):
    """Where some orders come from."""

    def disagreeing(self, *, task: FulfillmentTask) -> Sequence[str]:
        """The source's keys of live items of a packed task that it does not have as packed; none
        of an order that comes from elsewhere. Uses the network. Raises SourceUnreachable.
        """
        ...


_sources: list[OrderSource] = []


def register(source: OrderSource) -> None:
    """Called from `AppConfig.ready()` of whoever knows the source."""
    _sources.append(source)


def refuse_unless_agreed(*, task_id: int, actor: Actor) -> None:
    """Raises SourceDisagrees, SourceUnreachable. Of a task that is not packed, or not the actor's,
    nobody is asked: the command itself refuses it.
    """
    tasks = FulfillmentTask.objects.visible_to(actor).select_related("channel")
    task = tasks.filter(pk=task_id, status=TaskStatus.PACKED).first()
    if task is None:
        return
    items = [key for source in _sources for key in source.disagreeing(task=task)]
    if items:
        raise SourceDisagrees(
            "The order's source has items of it in another state", items=items, task=task.number
        )
