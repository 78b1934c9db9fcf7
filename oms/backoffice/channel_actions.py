"""What staff can have done to channels."""

from catalog import services as catalog
from channels_app.choices import ChannelType
from channels_app.models import Channel
from oms.backoffice import forms
from oms.backoffice.acting import Call, RowAction


def _ask_refusal(channel: Channel) -> str:
    is_general = channel.type == ChannelType.GENERAL
    return "" if is_general else "only channels of type General are asked"


def _ask(call: Call) -> str:
    catalog.request_spus(
        channel_id=call.row.pk,
        external_ids=call.answers["spu_ids"],
        actor=call.actor,
        now=call.now,
    )
    return "is asked for its products."


CHANNEL_ACTIONS = (
    RowAction(
        name="ask",
        label="Ask for product listings",
        explanation="The channel's endpoint is told to send its products with their variants, "
        "prices and states.",
        permission="channels_app.change_channel",
        form=forms.AskForProductsForm,
        refusal=_ask_refusal,
        work=_ask,
    ),
)
