"""What staff can have done to customers. Services decide; this asks."""

from functools import partial

from oms.backoffice import forms
from oms.backoffice.acting import Call, RowAction
from oms.orders import services as orders
from oms.orders.choices import CustomerStatus
from oms.orders.customer_data import CustomerChanges
from oms.orders.models import Customer

_WORDS = {CustomerStatus.ACTIVE: "is active again.", CustomerStatus.BLOCKED: "is blocked."}


def _erased(customer: Customer) -> str:
    return "its personal data is erased already" if customer.erased_at else ""


def _status_refusal(status: CustomerStatus, customer: Customer) -> str:
    if customer.status == status:
        return f"it is {status.label.lower()} already"
    return _erased(customer)


def _set_status(status: CustomerStatus, call: Call) -> str:
    orders.update_customer(
        public_id=call.row.public_id,
        changes=CustomerChanges(status=status),
        actor=call.actor,
        now=call.now,
    )
    return _WORDS[status]


def _erase(call: Call) -> str:
    orders.erase_customer(public_id=call.row.public_id, actor=call.actor, now=call.now)
    return "says nothing of a person any more."


CUSTOMER_ACTIONS = (
    RowAction(
        name="block",
        label="Block",
        explanation="A mark for colleagues and for whoever asks the API. It stops no order.",
        permission="orders.block_customer",
        refusal=partial(_status_refusal, CustomerStatus.BLOCKED),
        work=partial(_set_status, CustomerStatus.BLOCKED),
    ),
    RowAction(
        name="unblock",
        label="Unblock",
        explanation="Takes the mark away.",
        permission="orders.block_customer",
        refusal=partial(_status_refusal, CustomerStatus.ACTIVE),
        work=partial(_set_status, CustomerStatus.ACTIVE),
    ),
    RowAction(
        name="erase",
        label="Erase personal data",
        explanation="Name, contact, addresses and number of the customer are destroyed, and the "
        "buyer's data and labels of all its orders. Totals, lines and events stay. Nobody can "
        "undo this.",
        permission="orders.delete_customer",
        form=forms.EraseForm,
        refusal=_erased,
        work=_erase,
        is_destructive=True,
    ),
)
