"""What people and machines do with endpoints and deliveries."""

from oms.events.services.drafts import EndpointChange, EndpointDraft
from oms.events.services.finding import EndpointNotFound
from oms.events.services.purging import KEPT, purge
from oms.events.services.registering import (
    EndpointNameTaken,
    ForeignClient,
    HeadersUnfit,
    LimitsUnfit,
    Registered,
    change_endpoint,
    create_endpoint,
    register_endpoint,
    update_endpoint,
)
from oms.events.services.replaying import (
    DeliveryNotFound,
    EndpointDisabled,
    ReplayRequest,
    count_replay,
    replay,
    replay_batch,
    request_replay,
    resend_delivery,
)
from oms.events.services.secrets import (
    GRACE_SECONDS,
    LONGEST_GRACE_SECONDS,
    NoSecretHere,
    TooManySecrets,
    rotate_secret,
    set_secret,
)
from oms.events.services.switching import (
    SwitchRefused,
    disable_endpoint,
    enable_endpoint,
    pause_endpoint,
    remove_endpoint,
    restart_endpoint,
    resume_endpoint,
)
from oms.events.services.verifying import verify_endpoint

__all__ = [
    "GRACE_SECONDS",
    "KEPT",
    "LONGEST_GRACE_SECONDS",
    "DeliveryNotFound",
    "EndpointChange",
    "EndpointDisabled",
    "EndpointDraft",
    "EndpointNameTaken",
    "EndpointNotFound",
    "ForeignClient",
    "HeadersUnfit",
    "LimitsUnfit",
    "NoSecretHere",
    "Registered",
    "ReplayRequest",
    "SwitchRefused",
    "TooManySecrets",
    "change_endpoint",
    "count_replay",
    "create_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "pause_endpoint",
    "purge",
    "register_endpoint",
    "remove_endpoint",
    "replay",
    "replay_batch",
    "request_replay",
    "resend_delivery",
    "restart_endpoint",
    "resume_endpoint",
    "rotate_secret",
    "set_secret",
    "update_endpoint",
    "verify_endpoint",
]
