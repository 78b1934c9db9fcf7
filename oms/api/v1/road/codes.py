"""Every code a problem may carry: its statuses, what it means, and what to do about it.

The texts stand in answers and on the pages under `/problems/`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the contract's table of problems."""

    name: str
    statuses: tuple[int, ...]
    title: Text
    meaning: Text
    remedy: Text


_AGAIN = _("Send the same call again, with the same Idempotency-Key.")
_CORRECT = _("Correct the request; repeating it as it is leads to the same answer.")

CODES: dict[str, Code] = {
    code.name: code
    for code in (
        Code(
            "malformed_json",
            (400,),
            _("Body is not JSON"),
            _("The body could not be read as one JSON document of at most 32 levels."),
            _CORRECT,
        ),
        Code(
            "unknown_field",
            (400,),
            _("Unknown field"),
            _("The body has members this operation does not know; `errors` points at each."),
            _("Remove them, or check their spelling."),
        ),
        Code(
            "invalid_cursor",
            (400,),
            _("Cursor is not valid"),
            _("The cursor is damaged, or belongs to a list with other filters."),
            _("Start the list again without a cursor."),
        ),
        Code(
            "invalid_parameter",
            (400,),
            _("Invalid query parameter"),
            _("A query parameter is unknown, repeated, or has a value it cannot have."),
            _CORRECT,
        ),
        Code(
            "idempotency_key_required",
            (400,),
            _("Idempotency-Key is missing"),
            _("This operation needs the header Idempotency-Key."),
            _("Send a new key, best a UUID, with each new call, and the same key with a repeat."),
        ),
        Code(
            "idempotency_key_invalid",
            (400,),
            _("Idempotency-Key is not valid"),
            _("A key is 1 to 255 visible ASCII characters, bare or in double quotes."),
            _CORRECT,
        ),
        Code(
            "unauthenticated",
            (401,),
            _("Not authenticated"),
            _("The call has no credential, or one that is not known, revoked or expired."),
            _("Send a valid access token or API key."),
        ),
        Code(
            "token_expired",
            (401,),
            _("Access token has expired"),
            _("Access tokens live for 15 minutes."),
            _("Get a new one from /v1/oauth2/token and repeat the call."),
        ),
        Code(
            "insufficient_scope",
            (403,),
            _("Not allowed"),
            _("The credential lacks what this operation needs."),
            _("Ask for a credential with the scope, or use another one."),
        ),
        Code(
            "ip_not_allowed",
            (403,),
            _("Address is not allowed"),
            _("The API key may not be used from the address of this call."),
            _("Call from a listed network, or have the list of the key changed."),
        ),
        Code(
            "not_found",
            (404,),
            _("Not found"),
            _("There is no such thing here, or it is not yours to see."),
            _("Check the path and the identifier."),
        ),
        Code(
            "method_not_allowed",
            (405,),
            _("Method is not allowed"),
            _("The path exists, but not with this method; `Allow` lists those it has."),
            _CORRECT,
        ),
        Code(
            "not_acceptable",
            (406,),
            _("No acceptable form"),
            _("None of the media types in `Accept` can be had here."),
            _CORRECT,
        ),
        Code(
            "duplicate_external_id",
            (409,),
            _("External id is taken"),
            _("Another object has this external id; `existing_id` names it."),
            _("Use the object that exists, or another external id."),
        ),
        Code(
            "invalid_state",
            (409,),
            _("Current state does not allow this"),
            _("The object's present state does not allow what was asked."),
            _("Read the object again and decide anew."),
        ),
        Code(
            "insufficient_stock",
            (409,),
            _("Not enough stock"),
            _("Fewer units are available than asked for."),
            _("Ask for fewer, or repeat after a restock with a new Idempotency-Key."),
        ),
        Code(
            "label_not_ready",
            (409,),
            _("Label is not ready"),
            _("The label is still being made."),
            _("Ask again after `Retry-After` seconds."),
        ),
        Code(
            "idempotency_in_progress",
            (409,),
            _("First call is still running"),
            _("A call with this Idempotency-Key has not finished yet."),
            _("Repeat after `Retry-After` seconds with the same key."),
        ),
        Code(
            "version_conflict",
            (412,),
            _("Version has changed"),
            _("The object has changed since the version that was named."),
            _("Read the object again and repeat with its version."),
        ),
        Code(
            "payload_too_large",
            (413,),
            _("Body is too large"),
            _("The body is larger than this operation takes."),
            _("Send less at a time."),
        ),
        Code(
            "unsupported_media_type",
            (415,),
            _("Unsupported media type"),
            _("The body's `Content-Type` is not one this operation takes."),
            _CORRECT,
        ),
        Code(
            "validation_failed",
            (422,),
            _("Request is not valid"),
            _("Fields break their rules; `errors` points at each."),
            _CORRECT,
        ),
        Code(
            "idempotency_key_reused",
            (422,),
            _("Idempotency-Key was used before"),
            _("The key belongs to an earlier call with another body."),
            _("Use a new key for a new call."),
        ),
        Code(
            "unknown_sku",
            (422,),
            _("Unknown SKU"),
            _("The request names a SKU that does not exist."),
            _CORRECT,
        ),
        Code(
            "unknown_location",
            (422,),
            _("Unknown location"),
            _("The request names a location that does not exist."),
            _CORRECT,
        ),
        Code(
            "unknown_customer",
            (422,),
            _("Unknown customer"),
            _("The request names a customer that does not exist."),
            _CORRECT,
        ),
        Code(
            "carrier_rejected",
            (422,),
            _("Carrier refused"),
            _("The carrier refused; `carrier_code` and `carrier_message` say why."),
            _("Correct what the carrier complains about."),
        ),
        Code(
            "rate_limited",
            (429,),
            _("Too many calls"),
            _("The credential's rate limit is used up."),
            _("Wait for `Retry-After` seconds."),
        ),
        Code(
            "internal_error",
            (500,),
            _("Internal error"),
            _("Something failed on our side, and nothing was changed."),
            _AGAIN,
        ),
        Code(
            "carrier_unavailable",
            (502,),
            _("Carrier is not available"),
            _("The carrier could not be reached or did not answer properly."),
            _AGAIN,
        ),
        Code(
            "service_unavailable",
            (503,),
            _("Busy"),
            _("The service cannot answer now, and nothing was changed."),
            _("Repeat after `Retry-After` seconds, with the same Idempotency-Key."),
        ),
        Code(
            "carrier_timeout",
            (504,),
            _("Carrier did not answer in time"),
            _("The carrier took too long."),
            _AGAIN,
        ),
    )
}

# What `errors[].code` may be.
FIELD_CODES = (
    "required",
    "invalid_type",
    "invalid_format",
    "out_of_range",
    "too_long",
    "too_many",
    "not_allowed",
    "duplicate",
    "unknown_value",
    "unknown_field",
)
