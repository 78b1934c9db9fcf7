"""Made-up papers, for previews: long names, several taxes, more than a handful of lines."""

from fulfillment.papers import wording

LANGUAGES = wording.LANGUAGES

_ISSUER = {
    "en": ("Harbour Trading Ltd", ["12 Quay Road", "Singapore 048624"]),
    "vi": ("Công ty TNHH Thương mại Trường Sơn", ["12 Nguyễn Huệ, Quận 1", "TP. Hồ Chí Minh"]),
}
_BUYER = {
    "en": ("Alexandra Montgomery-Hughes", ["45 Orchard Boulevard #07-112", "238823 Singapore"]),
    "vi": ("Đặng Thị Hồng Ngọc", ["45/7 Lê Lợi", "Phường Bến Nghé", "700000 Hồ Chí Minh", "VN"]),
}
_GOODS = {
    "en": ("Classic long-sleeved shirt, navy, size M", "Leather belt"),
    "vi": ("Áo sơ mi nam tay dài cổ điển, xanh đậm, cỡ M", "Thắt lưng da bò"),
}
_NUMBERS = {
    "INVOICE": "INV-2026-000417",
    "CREDIT_NOTE": "CN-2026-000031",
    "PACKING_SLIP": "P700123",
    "MANIFEST": "MF001311",
    "HANDOVER": "HO001088",
}


def sample(kind: str, language: str) -> dict[str, object]:
    """Data of a paper of that kind, with every member one can have."""
    name, lines = _ISSUER[language]
    buyer, street = _BUYER[language]
    number = _NUMBERS[kind]
    party = {"name": buyer, "lines": street}
    amounts = ("600.926", "48.074", "649.000") if language == "vi" else ("6.01", "0.48", "6.49")
    net, tax, gross = amounts
    return {
        "kind": kind,
        "language": language,
        "number": number,
        "bars": list(wording.bars(number)),
        "issued_at": "15/01/2026 19:00" if language == "vi" else "2026-01-15 19:00",
        "issuer": {"name": name, "lines": lines, "tax_code": "0312345678"},
        "ship_from": {"name": "Warehouse 1", "lines": ["1 Dock Road"]},
        "footnote": "Thank you",
        "order": "WS-5512",
        "channel": "Web shop",
        "parcel": "700123",
        "corrects": "INV-2026-000417",
        "reason": "Returned",
        "bill_to": party,
        "ship_to": party,
        "currency": "VND" if language == "vi" else "SGD",
        "totals": {"net": net, "tax": tax, "gross": gross},
        "taxes": [{"type": "VAT", "rate": "8%", "tax": tax}],
        "lines": [
            {
                "n": str(place),
                "code": f"SKU-{1000 + place}",
                "name": _GOODS[language][place % 2],
                "quantity": str(place),
                "unit_price": gross,
                "rate": "8%",
                "net": net,
                "tax": tax,
                "gross": gross,
            }
            for place in range(1, 6)
        ],
        "carrier": "SWIFT",
        "tracking": "SW100200300",
        "units": "15",
        "note": "Gift",
        "count": "7",
        "vehicle": "51C-123.45",
        "remarks": "Gate 2",
        "lr_number": "LR-1",
        "eway_bill": "EW-1",
        "parcels": [
            {
                "n": str(place),
                "order": f"WS-55{place:02d}",
                "parcel": str(700120 + place),
                "tracking": f"SW1002{place:06d}",
                "units": str(place),
                "weight": "0.42 kg",
            }
            for place in range(1, 8)
        ],
    }
