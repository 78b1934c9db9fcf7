"""Documents that a channel keeps: fetched from where it said they are."""

from fulfillment.carriers.base import CarrierError, LabelDocument
from fulfillment.models import Document
from fulfillment.services import contents
from oms.kernel import http, sealed
from oms.kernel.errors import InvalidInput

DEADLINE = 12.0  # seconds for one document
BATCH = 5  # times DEADLINE, with room to spare, is less than a job may take
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_OK = 200


def may_reach_private(connector: dict[str, object]) -> bool:
    """Whether the operator lets a channel's documents come from private networks."""
    return connector.get("allow_private_network") is True


def fetch_waybill(job: Document) -> LabelDocument:
    """Get the document of a job that has a `source_url`. Raises CarrierError.

    What cannot get better by asking again is permanent: a forbidden address, an answer other than
    200 that is no matter of load, too many bytes, or bytes that are no label.
    """
    answer = _get(job)
    if answer.status != _OK:
        raise CarrierError(
            f"The channel's server answered {answer.status}", temporary=answer.status in _LATER
        )
    if answer.is_truncated:
        raise CarrierError(
            f"The document has more than {contents.MOST_BYTES} bytes", temporary=False
        )
    try:
        media_type = contents.check_document(answer.body)
    except InvalidInput as refusal:
        raise CarrierError(str(refusal), temporary=False) from refusal
    return LabelDocument(content=answer.body, tracking_number="", carrier="", media_type=media_type)


def _get(job: Document) -> http.Answer:
    request = http.Request(
        method="GET",
        url=sealed.read(job, "source_url"),
        allow_private=may_reach_private(job.box.task.channel.connector),
        deadline=DEADLINE,
        most_bytes=contents.MOST_BYTES,
    )
    try:
        return http.fetch(request)
    except http.HttpError as error:
        permanent = error.failure == http.HttpFailure.ADDRESS
        raise CarrierError(str(error), temporary=not permanent) from error
