"""The dock's statements hold after ordinary work, and find the one thing that was spoilt."""

import pytest

from tests.factories import relay_everything
from tests.integration.backoffice.test_invariants import broken, spoil
from tests.integration.fulfillment.builders import cancel
from tests.integration.fulfillment.dock.builders import (
    gather,
    hand_over,
    manifest,
    pack_all,
    parcel_of,
    ready,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock():
    """Lists open and closed, boxes on a manifest, taken, and voided after all."""
    done, going, picked = waiting(3)
    gather([done])
    gather([going, picked])
    pack_all(done)
    relay_everything()
    listed, taken, voided = ready(3)
    manifest([listed, voided])
    cancel(voided)
    hand_over([taken])
    return {"picked": picked, "listed": listed, "taken": taken}


def test_all_hold_after_ordinary_work(dock):
    assert broken() == set()


@pytest.mark.parametrize(
    "statement",
    [
        (
            "DROP INDEX fulfillment_picklistentry_active_uniq;"
            "INSERT INTO fulfillment_picklistentry (picklist_id, task_id, position, is_active)"
            " SELECT (SELECT min(id) FROM fulfillment_picklist), task_id, 9, true"
            " FROM fulfillment_picklistentry WHERE is_active LIMIT 1"
        ),
        "UPDATE fulfillment_picklistentry SET is_active = false",
    ],
)
def test_i19_finds_lists_that_do_not_agree(dock, statement):
    spoil(*statement.split(";"))

    assert broken() == {"I19"}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM fulfillment_manifestparcel WHERE parcel_id = {listed}",
        (
            "INSERT INTO fulfillment_manifest (organization_id, point_id, carrier, created_by)"
            " SELECT organization_id, (SELECT min(id) FROM locations_fulfillmentpoint), 'x', ''"
            " FROM fulfillment_manifest LIMIT 1;"
            "UPDATE fulfillment_manifestparcel"
            " SET manifest_id = (SELECT max(id) FROM fulfillment_manifest)"
            " WHERE parcel_id = {listed}"
        ),
    ],
)
def test_i20_finds_boxes_that_are_not_where_they_say(dock, statement):
    spoil(*statement.format(listed=parcel_of(dock["listed"]).pk).split(";"))

    assert "I20" in broken()


def test_i21_finds_a_box_that_was_handed_over_and_is_here(dock):
    here, taken = parcel_of(dock["listed"]).pk, parcel_of(dock["taken"]).pk
    spoil(
        f"UPDATE fulfillment_handoverparcel SET parcel_id = {here} WHERE parcel_id = {taken}",
    )

    assert broken() == {"I21"}


def test_i21_finds_a_box_that_was_handed_over_without_a_manifest(dock):
    taken = parcel_of(dock["taken"]).pk
    spoil(f"DELETE FROM fulfillment_manifestparcel WHERE parcel_id = {taken}")

    assert broken() == {"I21"}


def test_i22_finds_units_that_are_missing_and_not_taken_from_their_task(dock):
    line = dock["picked"].task.lines.get().pk
    spoil(
        "ALTER TABLE fulfillment_taskline DROP CONSTRAINT fulfillment_taskline_short_is_cancelled",
        f"UPDATE fulfillment_taskline SET quantity_short = 1 WHERE id = {line}",
    )

    assert broken() == {"I22"}
