"""What is said of transfers holds after ordinary work, and finds what was spoilt."""

import pytest

from fulfillment.services import commands
from tests.factories import relay_everything
from tests.integration.backoffice.test_invariants import broken, spoil
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.commands.stages import bring, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def journeys():
    """Transfers that wait, travel and have arrived."""
    for steps in (
        (),
        (commands.dispatch_transfer,),
        (commands.dispatch_transfer, commands.complete_transfer),
    ):
        case = routed(quantities=(2,))
        transfer = bring(case)
        who = {name: value for name, value in told(case).items() if name != "task_id"}
        for step in steps:
            step(**who, transfer_id=transfer.pk)
    relay_everything()


def test_all_hold_after_ordinary_work(journeys):
    assert broken() == set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fulfillment_taskline SET source_point_id = NULL WHERE NOT is_in_transit",
        "DELETE FROM fulfillment_transferline",
    ],
)
def test_lines_that_do_not_come_as_they_say_are_found(journeys, statement):
    spoil(statement)

    assert "transfers" in broken()
