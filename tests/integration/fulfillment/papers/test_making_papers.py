import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from fulfillment import queries, services
from fulfillment.choices import DocumentKind, TemplateKind
from fulfillment.models import Document, DocumentTemplate, Handover, Manifest
from fulfillment.papers import press, samples
from fulfillment.services import paper_data, templates
from oms.inbox import services as inbox
from oms.inbox.models import Entry
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from tests.factories import NOW
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.papers.shipments import ship
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db

ALL_KINDS = list(TemplateKind)


def own_template(case, kind: TemplateKind, source: str) -> DocumentTemplate:
    """A template that was fine once; saving would refuse a broken one."""
    return DocumentTemplate.objects.create(
        organization=case.order.organization,
        kind=kind,
        number=1,
        source=source,
        created_at=NOW,
        created_by="staff:a",
    )


def slip_of(case) -> Document:
    made = ship(case)
    return services.ask_for_paper(kind=DocumentKind.PACKING_SLIP, of=made.parcel, now=NOW)


def drawn(document: Document) -> str:
    [made] = services.make_papers_now(document_ids=[document.pk], now=NOW)
    return text_of(queries.label_bytes(made))


def test_an_invoice_shows_what_was_invoiced():
    case = routed(quantities=(2,))

    made = ship(case)

    text = text_of(queries.label_bytes(made.invoice_paper))
    for shown in ("INV-2026-000001", case.order.external_id, "9.90", "19.80", "A. Sample"):
        assert shown in text


def test_a_packing_slip_shows_no_price():
    case = routed(quantities=(2,))

    text = drawn(slip_of(case))

    assert case.skus[0].code in text
    assert "9.90" not in text
    assert "19.80" not in text


def test_manifest_and_handover_list_their_parcels():
    case = routed()
    made = ship(case)
    common = {
        "organization": case.order.organization,
        "point": case.point,
        "carrier": "SWIFT",
        "created_by": "x",
    }
    manifest = Manifest.objects.create(**common)
    manifest.entries.create(parcel=made.parcel)
    handover = Handover.objects.create(
        **common, handed_over_at=NOW, vehicle_number="51C-123", remarks="Gate 2"
    )
    handover.entries.create(parcel=made.parcel)

    papers = [
        services.ask_for_paper(kind=kind, of=of, now=NOW)
        for kind, of in ((DocumentKind.MANIFEST, manifest), (DocumentKind.HANDOVER, handover))
    ]

    for paper, number in zip(papers, (manifest.number, handover.number), strict=True):
        text = drawn(paper)
        for shown in (number, "SWIFT", str(made.parcel.number), made.parcel.tracking_number):
            assert shown in text
    assert "Gate 2" in drawn(papers[1])


def test_asking_again_gives_the_same_paper_until_it_is_void():
    case = routed()
    slip = slip_of(case)

    again = services.ask_for_paper(kind=DocumentKind.PACKING_SLIP, of=slip.parcel, now=NOW)
    services.cancel_parcel(parcel_id=slip.parcel.pk, reason="", actor=case.actor, now=NOW)
    slip.refresh_from_db()
    new = services.ask_for_paper(kind=DocumentKind.PACKING_SLIP, of=slip.parcel, now=NOW)

    assert (again, slip.status) == (slip, "VOID")
    assert (new.pk != slip.pk, new.reference) == (True, f"{slip.reference}-2")


def test_workers_draw_what_nobody_needed():
    slip = slip_of(routed())

    counts = [services.draw_due_papers(now=NOW), services.draw_due_papers(now=NOW)]

    slip.refresh_from_db()
    assert (counts, slip.status, slip.attempts) == ([1, 0], "READY", 1)


def test_what_somebody_else_draws_is_waited_for():
    slip = slip_of(routed())
    Document.objects.filter(pk=slip.pk).update(not_before=NOW + timedelta(minutes=2), attempts=1)

    [late] = services.make_papers_now(document_ids=[slip.pk], now=NOW, patience=0.1)

    assert (late.status, late.attempts, late.content) == ("PENDING", 1, None)


def test_a_lease_that_ran_out_is_anybodys():
    slip = slip_of(routed())
    Document.objects.filter(pk=slip.pk).update(not_before=NOW + timedelta(minutes=2), attempts=1)

    count = services.draw_due_papers(now=NOW + timedelta(minutes=3))

    slip.refresh_from_db()
    assert (count, slip.status, slip.attempts) == (1, "READY", 2)


def test_unknown_documents_are_refused():
    with pytest.raises(services.DocumentNotFound):
        services.make_papers_now(document_ids=[1], now=NOW)


def test_a_template_that_broke_fails_where_people_see_it():
    case = routed()
    own_template(case, TemplateKind.INVOICE, "#panic(data.bill_to.name)")

    made = ship(case)
    inbox.reconcile_due(now=NOW)

    assert made.invoice_paper.status == "FAILED"
    assert made.invoice_paper.last_error == "The template cannot draw this paper (version 1)"
    entry = Entry.objects.get(kind="paper_failed")
    assert (entry.title, entry.subject_id) == ("INV-2026-000001", made.invoice_paper.pk)


def test_a_failed_paper_is_drawn_by_the_template_of_today():
    case = routed()
    broken = own_template(case, TemplateKind.INVOICE, "#nonsense")
    made = ship(case)
    broken.delete()

    services.redraw_paper(document_id=made.invoice_paper.pk, actor=SYSTEM, now=NOW)
    services.draw_due_papers(now=NOW)

    made.invoice_paper.refresh_from_db()
    assert (made.invoice_paper.status, made.invoice_paper.last_error) == ("READY", "")


def test_only_failed_papers_are_drawn_again():
    made = ship(routed())

    with pytest.raises(services.PaperNotFailed):
        services.redraw_paper(document_id=made.invoice_paper.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(services.DocumentNotFound):
        services.redraw_paper(document_id=made.label.pk, actor=SYSTEM, now=NOW)


def test_erasing_the_buyer_takes_the_papers_and_a_new_one_names_nobody():
    case = routed()
    made = ship(case)
    name = str(made.invoice_paper.content.file.name)

    orders.erase_buyer(order_id=case.order.pk, actor=SYSTEM, now=NOW)
    services.erase_documents(order_id=case.order.pk, actor=SYSTEM, now=NOW)
    made.invoice_paper.refresh_from_db()
    anew = services.ask_for_paper(kind=DocumentKind.INVOICE, of=made.invoice, now=NOW)

    assert (made.invoice_paper.status, made.invoice_paper.content) == ("VOID", None)
    assert anew.pk != made.invoice_paper.pk
    text = drawn(anew)
    assert "INV-2026-000001" in text
    assert "Sample" not in text
    assert name  # its bytes go with the commit, as a label's do


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_the_templates_that_come_with_the_system_can_be_set(kind, language):
    sheet = services.preview_template(kind=kind, source="", language=language, now=NOW)

    number = samples.sample(kind.value, language)["number"]
    assert str(number) in text_of(sheet)


def test_previews_show_all_a_paper_has():
    case = routed()
    made = ship(case)

    shown = paper_data.sheet_of(made.invoice_paper).data

    assert shown.keys() <= samples.sample("INVOICE", "en").keys()
    json.dumps(shown)


def test_saving_makes_versions_and_an_empty_one_goes_back():
    case = routed()
    known = {"organization_id": case.order.organization_id, "kind": TemplateKind.INVOICE}
    own = '#import "/oms.typ": *\nOur own #data.number'

    versions = [
        services.save_template(**known, source=source, actor=SYSTEM, now=NOW).number
        for source in (own, own, "")
    ]

    assert versions == [1, 1, 2]
    assert templates.template_of(**known).version == 0


def test_own_templates_draw_the_organizations_papers():
    case, stranger = routed(), routed()
    services.save_template(
        organization_id=case.order.organization_id,
        kind=TemplateKind.INVOICE,
        source='#import "/oms.typ": *\nOur own #data.number',
        actor=SYSTEM,
        now=NOW,
    )

    texts = [text_of(queries.label_bytes(ship(each).invoice_paper)) for each in (case, stranger)]

    assert texts[0].split() == ["Our", "own", "INV-2026-000001"]
    assert "Our own" not in texts[1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("#nonsense", "unknown variable: nonsense"),
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../root/oms.typ")', "would escape"),
        ('#import "@preview/tiaoma:0.3.0": *', "failed to download package"),
        ("#for i in range(100000000) { for j in range(100000000) { let x = i } }", "too long"),
    ],
)
def test_what_a_template_may_not_do_is_refused_with_the_reason(source, said, monkeypatch):
    monkeypatch.setattr(press, "LIMIT", 3.0)

    with pytest.raises(services.TemplateBroken, match=said):
        services.preview_template(kind=TemplateKind.INVOICE, source=source, language="en", now=NOW)


def test_a_template_has_an_end():
    source = " " * (templates.MOST_LETTERS + 1)

    with pytest.raises(services.TemplateTooLong):
        services.preview_template(kind=TemplateKind.INVOICE, source=source, language="en", now=NOW)


@contextmanager
def listening():
    """An address, and what whoever connects says first."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def hear() -> None:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(100))

        thread = threading.Thread(target=hear)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        thread.join()


def test_all_a_template_could_fetch_goes_by_the_proxy_that_is_not_there():
    with listening() as (proxy, heard), pytest.raises(press.PressError):
        press.set_type('#import "@preview/tiaoma:0.3.0": *', {}, at=NOW, proxy=proxy)
    press._presses.pop(proxy).stop()

    assert heard[0].startswith(b"CONNECT packages.typst.org:443")
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", int(press.NOWHERE.rpartition(":")[2])))


def test_the_press_knows_nothing_of_ours():
    press.set_type("x", {}, at=NOW)
    child = press._presses[press.NOWHERE].child

    environment = Path(f"/proc/{child.pid}/environ").read_text()
    names = {entry.partition("=")[0].lower() for entry in environment.split("\0") if entry}

    assert names <= {"http_proxy", "https_proxy", "all_proxy", "lang", "lc_ctype"}
    assert settings.SECRET_KEY not in environment


def test_a_press_that_died_is_replaced():
    press.set_type("x", {}, at=NOW)
    press._presses[press.NOWHERE].child.kill()
    press._presses[press.NOWHERE].child.wait()

    sheet = press.set_type("x", {}, at=NOW)

    assert sheet.startswith(b"%PDF")


def test_the_same_paper_has_the_same_bytes():
    sheets = {
        services.preview_template(kind=TemplateKind.INVOICE, source="", language="vi", now=NOW)
        for _ in range(2)
    }

    assert len(sheets) == 1
