"""The label for printers that speak ZPL II: 4 x 6 inches at 203 dots per inch."""

from fulfillment.carriers.base import Address, LabelRequest

WIDTH, HEIGHT = 812, 1218
MARGIN = 34
INNER = WIDTH - 2 * MARGIN
_MODULE = 3  # dots of the narrowest bar
_QUIET = 10  # modules beside the symbol
_FIXED = 35  # modules of start, check and stop


def write_label(request: LabelRequest, *, tracking_number: str, carrier: str) -> bytes:
    """ZPL whose bytes depend on the arguments only. What stands on it is what the PDF shows."""
    fields = [
        *_line(carrier, x=MARGIN, y=34, size=52, width=INNER * 2 // 3),
        *_line(request.delivery_type, x=MARGIN + INNER * 2 // 3, y=48, size=30, width=INNER // 3),
        _rule(104),
        *_address("FROM", request.sender, top=124, size=25),
        _rule(340),
        *_address("TO", request.recipient, top=362, size=36),
        _rule(682),
        *_details(request),
        f"^FO{WIDTH - MARGIN - 250},706^BQN,2,7^FH^FDMA,{_escaped(request.reference)}^FS",
        _rule(950),
        _bars(tracking_number),
        *_line(tracking_number, x=MARGIN, y=1166, size=32, width=INNER, justified="C"),
    ]
    head = f"^XA\n^CI28\n^PW{WIDTH}\n^LL{HEIGHT}\n^LH0,0\n"
    return (head + "\n".join(fields) + "\n^XZ\n").encode()


def _line(text: str, *, x: int, y: int, size: int, width: int, justified: str = "L") -> list[str]:
    """One line of text, cut at its width by the printer; nothing for nothing."""
    if not text:
        return []
    block = f"^FB{width},1,0,{justified},0"
    return [f"^FO{x},{y}^A0N,{size},{size}{block}^FH^FD{_escaped(text)}^FS"]


def _address(title: str, address: Address, *, top: int, size: int) -> list[str]:
    lines = [address.name, address.organization, *address.lines, address.phone]
    fields = _line(title, x=MARGIN, y=top, size=20, width=90)
    for place, line in enumerate([line for line in lines if line][:7]):
        y = top + place * (size + 6)
        fields += _line(line, x=MARGIN + 96, y=y, size=size, width=INNER - 96)
    return fields


def _details(request: LabelRequest) -> list[str]:
    weight = request.weight_kg
    rows = (
        ("PARCEL", str(request.parcel_number)),
        ("WEIGHT", "-" if weight is None else f"{weight.normalize():f} kg"),
        ("ORDER", request.order_number),
        ("TASK", request.task_number),
        ("REF", request.reference),
    )
    fields = []
    for place, (title, value) in enumerate(rows):
        y = 706 + place * 46
        fields += _line(title, x=MARGIN, y=y, size=20, width=110)
        fields += _line(value, x=MARGIN + 118, y=y, size=28, width=INNER - 118 - 270)
    return fields


def _bars(text: str) -> str:
    """A Code 128 symbol (the printer chooses the subset), as wide as fits, in the middle."""
    modules = len(text) * 11 + _FIXED + 2 * _QUIET
    module = max(1, min(_MODULE, INNER // modules))
    x = max(MARGIN, (WIDTH - module * (modules - 2 * _QUIET)) // 2)
    return f"^FO{x},980^BY{module}^BCN,160,N,N,N,A^FH^FD{_escaped(text)}^FS"


def _rule(y: int) -> str:
    return f"^FO{MARGIN},{y}^GB{INNER},2,2^FS"


def _escaped(text: str) -> str:
    """As field data under ^FH: what the printer would take for a command goes as hex."""
    clean = " ".join(text.split())
    return "".join(f"_{ord(sign):02X}" if sign in "^~_\\" else sign for sign in clean)
