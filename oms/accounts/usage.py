"""When a credential was last used, to the minute: one write per credential and minute."""

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Q

from oms.accounts.models import Credential
from oms.accounts.queries import MachineIdentity
from oms.kernel import walls

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
MOST_KEPT = 5_000

_noted: dict[UUID, float] = {}


def note_use(machine: MachineIdentity, *, now: datetime) -> None:
    """Remember that a credential is in use: a sample, so a failure to write it is only logged."""
    credential_id, clock = machine.credential_id, time.monotonic()
    if credential_id is None or clock < _noted.get(credential_id, float("-inf")):
        return
    if len(_noted) >= MOST_KEPT:
        _noted.clear()
    _noted[credential_id] = clock + EVERY.total_seconds()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - EVERY)
    try:
        walls.outside()
        Credential.objects.filter(stale, pk=credential_id).update(last_used_at=now)
    except DatabaseError as error:
        logger.warning("The use of a credential was not noted: %s", type(error).__name__)
