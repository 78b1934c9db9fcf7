"""The three receivers of Omnitron's and Seller Center's news (contract 2.3, 5.2).

What comes is kept before it is answered. The body is never logged: an order's holds its channel's
configuration and the buyer.
"""

from collections.abc import Sequence
from typing import ClassVar

from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from channels_app.choices import InboundKind
from oms.api.akinon.receiver_auth import ReceiverAuth
from oms.api.akinon.sync import receiving
from oms.api.akinon.views.base import AkinonView


class Receiver(AkinonView):
    authentication_classes: Sequence[type[BaseAuthentication]] = (ReceiverAuth,)
    scopes = {"POST": "orders:write"}
    kind: ClassVar[InboundKind]

    def post(self, _request: Request) -> HttpResponse:
        """200 with an empty object, or the judgement of a cancellation plan; 400 only for what is
        no JSON or has no payload.
        """
        reception = receiving.receive(
            organization_id=self.machine.organization_id,
            kind=self.kind,
            document=self.document(),
            actor=self.actor,
            now=self.now,
        )
        return self.done(dict(reception.body), status=reception.status)


class ReceiveOrder(Receiver):
    kind = InboundKind.ORDER


class ReceiveCancellationPlan(Receiver):
    kind = InboundKind.CANCELLATION_PLAN


class ReceiveStore(Receiver):
    kind = InboundKind.STORE
