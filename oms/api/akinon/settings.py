"""What the contract leaves open and an installation may set."""

import datetime as dt

from django.conf import settings

from oms.api.base.throttling import Rate

# Log-ins that fail, by one address, so that passwords cannot be tried out.
LOGIN_RATE = Rate(per_second=0.5, burst=30)


def token_lifetime() -> dt.timedelta:
    """How long a token is good that a password was traded for."""
    return dt.timedelta(hours=settings.OMS_AKINON_TOKEN_HOURS)


def call_rate() -> Rate:
    """How often a client without a rate of its own may call."""
    return Rate.of(settings.OMS_AKINON_CALLS_PER_SECOND)
