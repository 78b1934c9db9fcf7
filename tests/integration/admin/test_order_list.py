import pytest

from oms.backoffice import counting
from oms.backoffice.keyset import Cursor, Ordering, read_page
from oms.orders.models import Order
from tests import backoffice_builders as build

URL = "/admin/orders/order/"


def numbers(response):
    return [row.external_id for row in response.context["cl"].result_list]


def cell(html, name):
    return html.split(f'class="field-{name}')[1].split(">", 1)[1].split("</td>")[0]


@pytest.fixture
def many(db):
    """120 orders of two organizations, some placed in the same second; newest first."""
    shops = [build.make_channel(), build.make_channel()]
    orders = [
        build.make_order(shops[n % 2], lines=0, placed_at=build.later(seconds=n // 3))
        for n in range(120)
    ]
    return [order.external_id for order in sorted(orders, key=lambda o: (o.placed_at, o.pk))][::-1]


def test_pages_forward_and_back_without_losing_or_repeating_a_row(many, root):
    seen, address = [], URL
    while address:
        response = root.get(address)
        seen.append(numbers(response))
        last = address
        address = response.context["cl"].older_link and URL + response.context["cl"].older_link

    assert [len(page) for page in seen] == [50, 50, 20]
    assert [number for page in seen for number in page] == many
    back = root.get(URL + root.get(last).context["cl"].newer_link)
    assert numbers(back) == seen[1]


def test_the_last_page_is_reached_at_once(many, root):
    first = root.get(URL)

    oldest = root.get(URL + first.context["cl"].last_link)

    assert numbers(oldest) == many[-50:]
    assert oldest.context["cl"].older_link == ""
    assert numbers(root.get(URL + oldest.context["cl"].first_link)) == many[:50]


def test_a_person_of_one_organization_pages_through_its_orders(many, signed_in):
    organization = Order.objects.get(external_id=many[0]).organization
    browser = signed_in(build.make_staff(organization, perms=("orders.view_order",)))
    own = set(Order.objects.filter(organization=organization).values_list("external_id", flat=True))

    first = browser.get(URL)
    second = browser.get(URL + first.context["cl"].older_link)

    assert numbers(first) + numbers(second) == [number for number in many if number in own]


def test_filters_stay_in_the_address_while_paging(many, root):
    Order.objects.filter(external_id__in=many[::2]).update(status="DELIVERED")

    first = root.get(URL, {"status": "DELIVERED"})
    second = root.get(URL + first.context["cl"].older_link)

    assert numbers(first) + numbers(second) == many[::2]
    assert str(first.context["cl"].total) == "60"


@pytest.mark.parametrize("cursor", ["nonsense", "2026-01-01~x", "1~2~3", "~"])
def test_a_cursor_that_is_not_ours_leads_to_the_first_page(many, root, cursor):
    response = root.get(URL, {"after": cursor}, follow=True)

    assert numbers(response) == many[:50]


def test_merging_partitions_gives_the_order_of_one_list(many):
    ordering = Ordering(("placed_at", "id"), partition="organization_id")
    organizations = list(Order.objects.values_list("organization_id", flat=True).distinct())

    merged = read_page(Order.objects.all(), ordering, Cursor(), size=70, partitions=organizations)

    assert [row.external_id for row in merged.rows] == many[:70]


def test_a_count_stops_at_the_cap(many):
    assert str(counting.capped_count(Order.objects.all(), cap=100)) == "100+"
    assert str(counting.capped_count(Order.objects.all(), cap=120)) == "120"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"held": "yes"}, "held"),
        ({"waiting": "release"}, "held"),
        ({"waiting": "stock"}, "short"),
        ({"reason": "Out of stock"}, "short"),
        ({"waiting": "payment"}, "unpaid"),
        ({"waiting": "decision"}, "wished"),
        ({"waiting": "label"}, "unlabelled"),
        ({"waiting": "acceptance"}, "late"),
        ({"status": "SHIPPED"}, "gone"),
    ],
)
def test_each_filter_shows_what_it_says(root, query, wanted):
    channel = build.make_channel()
    build.make_hold(build.make_order(channel, external_id="held"))
    build.make_order(
        channel, external_id="short", status="UNALLOCATED", waiting_for="Out of stock: SKU-1"
    )
    build.make_order(channel, external_id="unpaid", status="CREATED", is_paid=False)
    build.make_request(build.make_order(channel, external_id="wished"))
    unlabelled = build.make_order(channel, external_id="unlabelled", status="ALLOCATED")
    build.make_document(build.make_parcel(build.make_task(unlabelled)), status="FAILED")
    late = build.make_order(channel, external_id="late", status="ALLOCATED")
    build.make_task(late, accept_by=build.NOW)
    build.make_order(channel, external_id="gone", status="SHIPPED")

    assert numbers(root.get(URL, query)) == [wanted]


def test_filters_by_channel_and_by_point(root):
    here, there = build.make_order(external_id="here"), build.make_order(external_id="there")
    task = build.make_task(here)
    build.make_task(there)

    assert numbers(root.get(URL, {"channel": here.channel_id})) == ["here"]
    assert numbers(root.get(URL, {"point": task.point_id})) == ["here"]


def test_a_row_says_what_the_order_waits_for(root):
    order = build.make_order(
        status="UNALLOCATED", waiting_for="Out of stock: SKU-1", lines=2, goods_total="1234.5"
    )
    build.make_hold(order)

    html = root.get(URL).content.decode()

    assert "Held: Risk of fraud. Waiting: Out of stock: SKU-1" in html
    assert cell(html, "units") == "4"
    assert cell(html, "total") == "1,234.50 EUR"
    assert "16 Mar 2026, 10:30" in cell(html, "placed")


def test_a_failed_label_is_named_in_the_headline(root):
    order = build.make_order(status="ALLOCATED")
    build.make_document(build.make_parcel(build.make_task(order)), status="FAILED")

    row = root.get(URL).context["cl"].result_list[0]

    assert row.waits.startswith("A label failed. Waiting for Warehouse")


def test_names_of_channels_are_text_not_markup(root):
    channel = build.make_channel(name="<script>alert(1)</script>")
    build.make_order(channel, external_id='"><img src=x>')

    html = root.get(URL).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
