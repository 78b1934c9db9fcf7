"""Bodies that the document shows: those of the contract."""

from drf_spectacular.utils import OpenApiExample

CUSTOMER = {
    "external_id": "CRM-88",
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "addresses": [
        {
            "label": "home",
            "is_default": True,
            "full_name": "Trần Lan",
            "phone": "+84900000000",
            "line1": "1 Lê Lợi",
            "ward": "Bến Nghé",
            "province": "Hồ Chí Minh",
            "country": "VN",
        }
    ],
}
CREATE = [OpenApiExample("A person", value=CUSTOMER, request_only=True)]
PATCH = [OpenApiExample("E-mail", value={"email": "lan@example.com"}, request_only=True)]
