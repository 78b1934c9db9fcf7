"""What the OMS4 Open API answers, as far as the demo reads it. Unknown members are ignored."""

from typing import Generic, TypeVar

from msgspec import Struct, field

Data = TypeVar("Data")


class Envelope(Struct, Generic[Data]):
    """Around every answer."""

    code: str
    message: str
    data: Data | None
    request_id: str


class OrderItem(Struct):
    order_item_id: int
    orig_order_item_id: int | str
    order_item_status: str
    seller_sku_code: str | None = None
    qty: int = 1


class Order(Struct):
    order_no: str
    order_status: str
    order_date: int
    items: list[OrderItem]

    @property
    def units(self) -> int:
        return sum(item.qty for item in self.items)


class ParcelItem(Struct):
    orig_order_item_id: int | str
    order_item_status: str
    qty: int


class Parcel(Struct):
    """As the sales channel sees it."""

    parcel_id: int
    fp_parcel_no: str | None
    us_parcel_no: str | None
    status: str
    tracking_no: str | None
    order_no: str
    items: list[ParcelItem]

    @property
    def is_live(self) -> bool:
        return self.status != "CANCELLED"


class CarrierChoice(Struct):
    name: str
    id: str


class TaskDetail(Struct):
    task_detail_id: int
    order_item_status: str
    brand_code: str | None
    brand_sku_code: str | None
    qty: int
    seller_sku_code: str | None = None
    orig_order_item_id: int | str | None = None


class Task(Struct):
    ft_no: str
    status: str
    allow_ft_split: int
    order_no: str
    sales_channel: str
    created_time: int
    task_details: list[TaskDetail]
    delivery_carrier: str | None = None
    delivery_type: str | None = None
    avail_delivery_carrier: list[CarrierChoice] = field(default_factory=list)


class TaskPage(Struct):
    total_count: int
    cursor: int
    ft_list: list[Task]


class LabelledParcel(Struct):
    """A parcel of Get Shipping Information."""

    parcel_id: int
    fp_parcel_no: str | None
    delivery_carrier: str | None
    delivery_type: str | None
    tracking_no: str | None
    shipping_label: str | None


class Shipping(Struct):
    ft_no: str
    parcels: list[LabelledParcel]


class CancelledDetail(Struct):
    ft_detail_id: int


class Cancellation(Struct):
    ct_no: str
    ft_no: str
    order_no: str
    status: str
    created_time: int
    updated_time: int
    task_details: list[CancelledDetail]


class CancellationPage(Struct):
    total_count: int
    cursor: int
    ct_list: list[Cancellation]


class Synced(Struct):
    success_sync_records: int
