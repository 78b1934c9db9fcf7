import pytest
from django.core.exceptions import ImproperlyConfigured

from oms.api.oms4.operations import ALIASES, OPERATIONS, aliases

ACTIVITY = "/rest/fp_api/fulfillment_task/update_activity"


def test_every_alias_leads_to_an_operation_and_hides_none():
    assert set(ALIASES.values()) <= set(OPERATIONS)
    assert set(ALIASES).isdisjoint(OPERATIONS)


def test_an_operator_may_add_aliases_of_operations_and_of_aliases():
    table = aliases([f" /rest/a = {ACTIVITY} ", "/rest/b=/rest/a"])

    assert (table["/rest/a"], table["/rest/b"]) == (ACTIVITY, ACTIVITY)
    assert set(ALIASES) < set(table)


@pytest.mark.parametrize("entry", ["/rest/a", "/rest/a=/rest/nothing", f"a={ACTIVITY}", "="])
def test_nonsense_refuses_to_start(entry):
    with pytest.raises(ImproperlyConfigured, match="OMS_OMS4_PATH_ALIASES"):
        aliases([entry])
