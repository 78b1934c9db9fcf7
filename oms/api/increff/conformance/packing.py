"""API 7: Pack & Get Pack Details."""

import base64

from . import shapes
from .events import is_told_once
from .kit import PACK, Kit
from .shapes import Document
from .shop import PRICE
from .verdicts import Broken, Chapter, expect, expect_equal
from .wire import opened_pdf

CHAPTER: Chapter[Kit] = Chapter()
_CENT = 0.011  # amounts may be rounded to cents


def _label(packed: Document) -> Document:
    return shapes.an_object(packed["shippingLabel"], "shippingLabel")


def _is_pdf(url: object, text: object, what: str) -> None:
    """Whichever of both the installation fills opens as a PDF."""
    expect(url is not None or text is not None, f"{what}: neither address nor document")
    if url is not None:
        opened_pdf(url)
    if text is not None:
        try:
            content = base64.b64decode(str(text), validate=True)
        except ValueError:
            raise Broken(f"{what} is not base64") from None
        expect(content.startswith(b"%PDF-"), f"{what} is no PDF")


@CHAPTER.check(
    "7", "with nothing but what is required: 200, invoiceUrl and shippingLabelUrl filled (6.6)"
)
def minimal(kit: Kit) -> None:
    suborder = kit.packed("packed", 2)
    packed = suborder.shipped
    expect_equal(packed["orderCode"], suborder.order_code, "orderCode")
    expect_equal(packed["locationCode"], kit.options.location, "locationCode")
    expect_equal(packed["channelId"], kit.seller.channel, "channelId")
    expect(packed["invoiceUrl"] is not None, "invoiceUrl is empty")
    expect(_label(packed)["shippingLabelUrl"] is not None, "shippingLabelUrl is empty")


@CHAPTER.check("7", "packed again: 200 and the identical body")
def repeated(kit: Kit) -> None:
    suborder = kit.suborder("packed")
    first = suborder.shipped
    again = kit.efs.post(PACK, kit.contents(suborder, {kit.first.code: "2"})).document()
    expect_equal(again, first, "the answer")


@CHAPTER.check("API 7", "both addresses open a PDF with a plain GET")
def documents(kit: Kit) -> None:
    packed = kit.suborder("packed").shipped
    _is_pdf(packed["invoiceUrl"], packed["invoice"], "invoice")
    label = _label(packed)
    _is_pdf(label["shippingLabelUrl"], label["shippingLabel"], "shippingLabel")


@CHAPTER.check("API 7", "the invoice's lines add up: base and tax make the price, units the totals")
def invoice(kit: Kit) -> None:
    packed = kit.suborder("packed").shipped
    [line] = shapes.objects(packed["invoiceDetails"], "invoiceDetails")
    names = (line["channelSkuCode"], line["clientSkuId"], line["quantity"])
    expect_equal(names, (kit.first.code, kit.first.barcode, 2), "SKU and quantity")
    amount = {name: value for name, value in line.items() if name.endswith(("Unit", "Total"))}
    base, tax, actual = ("baseSellingPrice", "netTaxAmount", "actualSellingPrice")
    for suffix in ("PerUnit", "Total"):
        made = shapes.number(amount[base + suffix]) + shapes.number(amount[tax + suffix])
        _expect_near(made, amount[actual + suffix], f"base and tax {suffix}")
    _expect_near(2 * float(PRICE), amount[f"{actual}Total"], "actualSellingPriceTotal")
    taxes = shapes.objects(line["taxItems"], "taxItems")
    total = sum(shapes.number(each["taxTotal"]) for each in taxes)
    _expect_near(total, amount[f"{tax}Total"], "taxItems")


def _expect_near(made: float, wanted: object, what: str) -> None:
    expect(abs(made - shapes.number(wanted)) < _CENT, f"{what}: {made:.4f} instead of {wanted}")


@CHAPTER.check("API 7", "other contents after a complete pack: 400, already invoiced")
def other_contents(kit: Kit) -> None:
    suborder = kit.suborder("packed")
    suborder.expect_packed()
    told = f"Order is already invoiced: {suborder.order_code}"
    kit.efs.post(PACK, kit.contents(suborder, {kit.first.code: 1})).said(told)


@CHAPTER.check("6.11", "PACKED, without SUBORDER_, is told once")
def event(kit: Kit) -> None:
    suborder = kit.suborder("packed")
    suborder.expect_packed()
    kit.told(suborder, "PACKED")
    expect(is_told_once(kit, suborder, "PACKED"), "PACKED was told more than once")


@CHAPTER.check("API 7", "the contract's example, with every field")
def example(kit: Kit) -> None:
    suborder = kit.arrived("complete", 1)
    document = kit.of(
        suborder,
        weight=420,
        packageSku="BOX-S",
        fulfillmentType="BLOCK_COMPLETE",
        packageDetails={"length": 30, "breadth": 20, "height": 8},
        shipmentItems=[
            {"channelSkuCode": kit.first.code, "quantityToPack": 1, "externalSerialCodes": []}
        ],
    )
    suborder.packed = shapes.check_packed(kit.efs.post(PACK, document).document())


@CHAPTER.check("API 7", "serial codes, if sent, are as many as units")
def serials(kit: Kit) -> None:
    suborder = kit.arrived("serial", 2)
    for codes, is_right in ((["S-1"], False), (["S-1", "S-2"], True)):
        item = {"channelSkuCode": kit.first.code, "quantityToPack": 2, "externalSerialCodes": codes}
        reply = kit.efs.post(PACK, kit.of(suborder, shipmentItems=[item]))
        if is_right:
            reply.document()
        else:
            reply.refused()


@CHAPTER.check("API 7", "BLOCK_COMPLETE, also by default: every open unit, or 400")
def block_complete(kit: Kit) -> None:
    suborder = kit.arrived("block", 2, 1)
    part = kit.contents(suborder, {kit.first.code: 2})
    kit.efs.post(PACK, part).refused()
    kit.efs.post(PACK, {**part, "fulfillmentType": "BLOCK_COMPLETE"}).refused()
    kit.efs.post(PACK, kit.contents(suborder)).document()


@CHAPTER.check("API 7", "SINGLE_SHIPMENT_PARTIAL: what is left out is cancelled by the seller")
def single_partial(kit: Kit) -> None:
    suborder = kit.arrived("single", 3)
    part = kit.contents(suborder, {kit.first.code: 2})
    document = {**part, "fulfillmentType": "SINGLE_SHIPMENT_PARTIAL"}
    shapes.check_packed(kit.efs.post(PACK, document).document())
    told = kit.told(suborder, "SUBORDER_PARTIAL_CANCEL")
    [item] = shapes.objects(told["orderItems"], "orderItems")
    expect_equal((item["orderedQuantity"], item["cancelledQuantity"]), (3, 1), "quantities")


@CHAPTER.check("API 7", "MULTI_SHIPMENT_PARTIAL: the rest stays open for another shipment")
def multi_partial(kit: Kit) -> None:
    suborder = kit.arrived("multi", 3)
    shipped: list[object] = []
    for count in (2, 1):
        part = kit.contents(suborder, {kit.first.code: count})
        document = {**part, "fulfillmentType": "MULTI_SHIPMENT_PARTIAL"}
        answer = shapes.check_packed(kit.efs.post(PACK, document).document())
        shipped += [answer["shipmentId"], answer["invoiceCode"]]
    expect_equal(len(set(shipped)), 4, "different shipments and invoices")


@CHAPTER.check("API 7", "too many units, a SKU twice, unknown SKU or order, zero units: 400, named")
def refused(kit: Kit) -> None:
    suborder, code = kit.arrived("refusing", 1), kit.first.code
    exceeds = f"Quantity exceeds available quantity for sku: {code}"
    kit.efs.post(PACK, kit.contents(suborder, {code: 2})).said(exceeds)
    item = {"channelSkuCode": code, "quantityToPack": 1}
    twofold = kit.of(suborder, shipmentItems=[item, item])
    kit.efs.post(PACK, twofold).said(f"Duplicate sku in request: {code}")
    unknown = kit.contents(suborder, {"CK-UNKNOWN": 1})
    kit.efs.post(PACK, unknown).said("Sku not found: CK-UNKNOWN")
    kit.efs.post(PACK, kit.contents(suborder, {code: 0})).refused()
    nobody = {**kit.contents(suborder), "orderCode": "CK-NONE"}
    kit.efs.post(PACK, nobody).said("Order not found: CK-NONE")
    kit.efs.post(PACK, {**kit.contents(suborder), "fulfillmentType": "LATER"}).refused()


@CHAPTER.check("6.2", "the sales channel's own SKU code, or the bar code, names a SKU as well")
def by_barcode(kit: Kit) -> None:
    suborder = kit.suborder("refusing")
    answer = kit.efs.post(PACK, kit.contents(suborder, {kit.first.barcode: 1})).document()
    [line] = shapes.objects(shapes.check_packed(answer)["invoiceDetails"], "invoiceDetails")
    expect_equal(line["channelSkuCode"], kit.first.code, "channelSkuCode")
