import pytest

from oms.api.akinon.hooks import numbers


def test_a_number_leads_back_to_the_endpoint_and_its_word():
    made = {
        (key, place): numbers.hook_number(key, place) for key in (1, 2, 99) for place in (0, 63)
    }

    assert {number: numbers.hook_of(number) for number in made.values()} == {
        number: pair for pair, number in made.items()
    }
    assert len(set(made.values())) == len(made)
    assert all(0 < number <= 2**30 for number in made.values())


def test_a_number_is_not_the_key_of_the_row():
    assert [numbers.event_number(key) for key in range(1, 6)] != list(range(1, 6))


def test_the_log_has_numbers_of_fifteen_digits_at_most():
    numbered = {numbers.event_number(key): key for key in (1, 2, 10**6, 2**48 - 1)}

    assert {number: numbers.delivery_of(number) for number in numbered} == numbered
    assert max(numbered) <= 2**48 < 10**15


@pytest.mark.parametrize("number", [0, 2**30 + 1])
def test_a_number_that_is_too_small_or_large_is_nobodys(number):
    assert numbers.hook_of(number) is None
