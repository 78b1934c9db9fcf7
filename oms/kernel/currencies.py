"""Minor digits of currencies (ISO 4217): how many decimals an amount may have."""

_NONE = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def minor_digits(currency: str) -> int:
    """0 for VND and JPY, 3 for KWD, 2 for most."""
    if currency in _NONE:
        return 0
    return 3 if currency in _THREE else 2
