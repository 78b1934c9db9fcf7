from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import queries, services
from fulfillment.choices import DocumentKind
from fulfillment.models import Document, Picklist
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.papers.shipments import ship
from tests.pdfs import page_count, text_of

pytestmark = pytest.mark.django_db

LABEL, INVOICE, SLIP = DocumentKind.LABEL, DocumentKind.INVOICE, DocumentKind.PACKING_SLIP


def test_an_address_opens_the_paper_without_more(client):
    made = ship(routed())

    answer = client.get(services.public_url(made.invoice_paper, now=timezone.now()))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content == queries.label_bytes(made.invoice_paper)
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_nobody_drew_is_drawn_when_it_is_opened(client):
    made = ship(routed())
    slip = services.ask_for_paper(kind=SLIP, of=made.parcel, now=NOW)

    answer = client.get(services.public_url(slip, now=timezone.now()))

    slip.refresh_from_db()
    assert (answer.status_code, slip.status) == (200, "READY")


@pytest.mark.parametrize("token", ["x", "1-9999999999", "1-9999999999~AAAA", "%00"])
def test_made_up_addresses_open_nothing(client, token):
    ship(routed())

    answer = client.get(f"/files/{token}.pdf")

    assert answer.status_code == 404


def test_a_void_paper_is_not_opened(client):
    case = routed()
    made = ship(case)
    url = services.public_url(made.label, now=timezone.now())
    services.cancel_parcel(parcel_id=made.parcel.pk, reason="", actor=case.actor, now=NOW)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("days", [0, 6.9, 7.1, 30])
def test_an_address_is_good_for_seven_days_and_the_same_meanwhile(days):
    paper = ship(routed()).invoice_paper
    given_at = paper.created_at + timedelta(days=days)
    url = services.public_url(paper, now=given_at)
    token = url.removeprefix("/files/").removesuffix(".pdf")

    opened = services.document_of_token(token, now=given_at + services.OPEN_FOR)

    assert opened == paper
    with pytest.raises(services.DocumentNotFound):
        services.document_of_token(
            token, now=given_at + 2 * services.OPEN_FOR + timedelta(seconds=2)
        )


def test_the_address_of_an_answer_given_again_is_the_same():
    paper = ship(routed()).invoice_paper

    urls = {
        services.public_url(paper, now=paper.created_at + timedelta(days=days))
        for days in (0, 1, 6)
    }

    assert len(urls) == 1


def test_it_is_absolute_where_we_know_our_name(settings):
    settings.OMS_PUBLIC_URL = "https://oms.example.com"
    paper = ship(routed()).invoice_paper

    url = services.public_url(paper, now=NOW)

    assert url.startswith("https://oms.example.com/files/")


def listed(*cases) -> Picklist:
    """A picklist with these tasks in this order."""
    [first, *_] = cases
    made = Picklist.objects.create(
        organization=first.order.organization, point=first.point, created_by="x"
    )
    made.refresh_from_db()
    for place, case in enumerate(cases, 1):
        made.entries.create(task=case.task, position=place)
    return made


def test_many_documents_are_one_file_in_the_order_of_picking():
    first = routed()
    second = routed(point=first.point)
    picklist = listed(second, first)
    made = {case.order.external_id: ship(case) for case in (first, second)}

    ids = services.documents_of_picklist(
        number=picklist.number, kinds=[LABEL, INVOICE, SLIP], actor=first.actor, now=NOW
    )
    file = services.print_documents(document_ids=ids, now=NOW)

    assert page_count(file) == 6
    text = text_of(file)
    places = [text.index(made[case.order.external_id].invoice.code) for case in (second, first)]
    assert places == sorted(places)


def test_printing_again_prints_the_same():
    made = ship(routed())
    ids = [made.label.pk, made.invoice_paper.pk]

    texts = [text_of(services.print_documents(document_ids=ids, now=NOW)) for _ in range(2)]

    assert texts[0] == texts[1]


def test_what_cannot_be_printed_is_named():
    made = ship(routed())
    Document.objects.filter(pk=made.label.pk).update(status="FAILED")

    with pytest.raises(services.PaperMissing) as refused:
        services.print_documents(document_ids=[made.label.pk, made.invoice_paper.pk], now=NOW)

    assert refused.value.references == (made.label.reference,)


def test_others_picklists_do_not_exist():
    case, stranger = routed(), routed()
    picklist = listed(case)

    with pytest.raises(services.PicklistNotFound):
        services.documents_of_picklist(
            number=picklist.number, kinds=[LABEL], actor=stranger.actor, now=NOW
        )


def test_no_more_than_a_thousand_go_into_one_file():
    with pytest.raises(services.TooManyDocuments):
        services.print_documents(document_ids=range(1001), now=NOW)


def test_whoever_sees_all_sees_every_picklist():
    case = routed()
    picklist = listed(case)

    ids = services.documents_of_picklist(
        number=picklist.number, kinds=[LABEL], actor=SYSTEM, now=NOW
    )

    assert ids == []
