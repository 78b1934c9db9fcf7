"""Messages as the OpenAPI document describes them: one schema for each type.

Within a version members are only added; receivers ignore what they do not know.
"""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import (
    OpenApiResponse,
    OpenApiWebhook,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers

from oms.api.v1.news.messages import API_VERSION
from oms.api.v1.news.words import NAMES, WORDS, About


class _IdentifiedOutput(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Of the resource")
    status = serializers.CharField(help_text="When the message was made, with this version")
    version = serializers.IntegerField(min_value=1)


class OrderNewsOutput(_IdentifiedOutput):
    external_id = serializers.CharField(help_text="The channel's number")


class CancellationRequestNewsOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    order_id = serializers.CharField()
    status = serializers.CharField()


class ShipmentNewsOutput(_IdentifiedOutput):
    order_id = serializers.CharField()


class LevelNewsOutput(serializers.Serializer[Any]):
    sku = serializers.CharField()
    location_id = serializers.CharField()
    on_hand = serializers.IntegerField(min_value=0)
    reserved = serializers.IntegerField(min_value=0)
    unavailable = serializers.IntegerField(min_value=0)
    incoming = serializers.IntegerField(min_value=0)
    safety_stock = serializers.IntegerField(min_value=0)
    available = serializers.IntegerField(min_value=0)
    version = serializers.IntegerField(min_value=1)


class CustomerNewsOutput(_IdentifiedOutput):
    pass


class ReturnNewsOutput(_IdentifiedOutput):
    order_id = serializers.CharField(allow_null=True)
    refund_decision = serializers.CharField()


class EndpointNewsOutput(_IdentifiedOutput):
    failing_percent = serializers.IntegerField(
        required=False, help_text="Of the five days after which it is disabled"
    )


_OBJECTS: Mapping[About, type[serializers.Serializer[Any]]] = {
    About.ORDER: OrderNewsOutput,
    About.CANCELLATION_REQUEST: CancellationRequestNewsOutput,
    About.SHIPMENT: ShipmentNewsOutput,
    About.LEVEL: LevelNewsOutput,
    About.CUSTOMER: CustomerNewsOutput,
    About.RETURN: ReturnNewsOutput,
    About.ENDPOINT: EndpointNewsOutput,
}


def _constant(text: str) -> serializers.CharField:
    """A member that is always the same; a class of its own, as copies of fields keep theirs."""
    kind: Any = type("ConstantField", (serializers.CharField,), {})
    field: serializers.CharField = extend_schema_field({"type": "string", "const": text})(kind)()
    return field


def _data_of(about: About) -> type[serializers.Serializer[Any]]:
    """`data` of the messages about one kind of resource."""
    members = {
        "object": _OBJECTS[about](),
        "previous": serializers.DictField(
            required=False, help_text="What changed, as it was; absent when nobody knows"
        ),
    }
    return type(f"{_camel(about)}Data", (serializers.Serializer,), members)


def _message_of(name: str, data: type[serializers.Serializer[Any]]) -> type[Any]:
    members = {
        "id": serializers.RegexField(r"^evt_[0-9a-f]{32}$", help_text="The same on every try"),
        "type": _constant(name),
        "created_at": serializers.DateTimeField(),
        "api_version": _constant(API_VERSION),
        "sequence": serializers.IntegerField(
            min_value=1, help_text="Counts the events of one subject, some of which are not told"
        ),
        "data": data(),
    }
    return type(f"{_camel(name)}Message", (serializers.Serializer,), members)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


_DATA = {about: _data_of(about) for about in About}
_ABOUT = {word.name: word.about for word in WORDS.values()}
MESSAGES: Mapping[str, type[Any]] = {name: _message_of(name, _DATA[_ABOUT[name]]) for name in NAMES}

EventOutput = PolymorphicProxySerializer(
    component_name="Event",
    serializers=dict(MESSAGES),
    resource_type_field_name="type",
)

WEBHOOKS = [
    OpenApiWebhook(
        name=name,
        decorator=extend_schema(
            summary=name,
            description="Sent to the endpoints that subscribed to it. Answer 2xx within 10 s.",
            tags=["webhooks"],
            request=message,
            responses={"2XX": OpenApiResponse(description="Taken; it is not sent again.")},
        ),
    )
    for name, message in MESSAGES.items()
]
"""For the `webhooks` of the OpenAPI document."""
