"""Orders on their way."""

from dataclasses import dataclass

from . import shapes
from .shapes import Document
from .verdicts import NotApplicable


@dataclass(slots=True)
class Life:
    """One order on its way, as far as it came."""

    order_no: str
    task: Document | None = None
    fp_parcel_no: str = ""
    parcel_id: int = 0
    us_parcel_no: str = ""
    tracking_no: str = ""
    is_over: bool = False

    @property
    def ft_no(self) -> str:
        """The number of its task; without one the check cannot be made."""
        return str(self.tasked["ft_no"])

    @property
    def tasked(self) -> Document:
        """Its task."""
        if self.task is None:
            raise NotApplicable(f"order {self.order_no} has no fulfillment task")
        return self.task

    @property
    def details(self) -> list[Document]:
        """The lines of its task."""
        return shapes.objects(self.tasked["task_details"], "task_details")

    def detail_ids(self, item: int) -> list[object]:
        """The details that an item of the order became."""
        wanted = str(item)
        return [
            detail["task_detail_id"]
            for detail in self.details
            if str(detail["orig_order_item_id"]) == wanted
        ]

    def parcel(self) -> str:
        """The server's number of its parcel; without one the check cannot be made."""
        if not self.parcel_id:
            raise NotApplicable(f"order {self.order_no} has no parcel")
        return str(self.parcel_id)
