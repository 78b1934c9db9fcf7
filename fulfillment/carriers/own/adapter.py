from fulfillment.carriers.base import LabelDocument, LabelRequest

NAME = "OMS"


class OwnCarrier:
    """Makes the label itself: the same request gives the same bytes and tracking number."""

    def buy_label(self, request: LabelRequest) -> LabelDocument:
        # Late: only workers draw, and the drawing library takes 9 MB.
        from fulfillment.carriers.own.drawing import draw_label  # noqa: PLC0415 - as said

        tracking = request.tracking_number or tracking_number(request.reference)
        carrier = request.carrier or NAME
        return LabelDocument(
            content=draw_label(request, tracking_number=tracking, carrier=carrier),
            tracking_number=tracking,
            carrier=carrier,
        )

    def find_label(self, reference: str) -> LabelDocument | None:  # noqa: ARG002 (protocol)
        """Nothing is bought, so nothing is kept to be found: making it again costs nothing."""
        return None

    def void_label(self, reference: str) -> None:
        """Nothing is bought, so there is nothing to take back."""


def tracking_number(reference: str) -> str:
    """The reference and a check digit (Luhn over the values of its characters)."""
    total = 0
    for place, character in enumerate(reversed(reference)):
        value = ord(character) % 10 * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return f"{reference}{-total % 10}"
