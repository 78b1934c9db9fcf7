from oms.orders.services.statements import PLACE

KEPT_UP_TO = 4096  # characters; psycopg parses longer statements anew on every call


def test_the_statement_of_intake_is_short_enough_to_be_kept_parsed():
    assert len(PLACE) <= KEPT_UP_TO
