from channels_app.models.channels import Channel, ChannelQuerySet, Seller
from channels_app.models.remote import (
    HeldOrder,
    InboundMessage,
    RemoteKey,
    RemoteUpdate,
    SyncMark,
)

__all__ = [
    "Channel",
    "ChannelQuerySet",
    "HeldOrder",
    "InboundMessage",
    "RemoteKey",
    "RemoteUpdate",
    "Seller",
    "SyncMark",
]
