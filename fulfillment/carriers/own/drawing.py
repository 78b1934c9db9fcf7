"""The label itself: one page of 4 x 6 inches."""

import io
from decimal import Decimal
from functools import lru_cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fulfillment.carriers.base import Address, LabelRequest
from fulfillment.carriers.own import codes
from fulfillment.carriers.own.lettering import lettered

WIDTH, HEIGHT = 288.0, 432.0
MARGIN = 12.0
INNER = WIDTH - 2 * MARGIN
QR_SIZE = 92.0

rl_config.useA85 = 0  # streams as bytes: no reader needs them as text, and encoding takes a third


def draw_label(request: LabelRequest, *, tracking_number: str, carrier: str) -> bytes:
    """A PDF whose bytes depend on the arguments only."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(f"Label {request.reference}")
    canvas.setLineWidth(1)
    _head(canvas, request, carrier)
    _address(canvas, "FROM", request.sender, top=378, size=9, width=INNER)
    canvas.line(MARGIN, 312, WIDTH - MARGIN, 312)
    _address(canvas, "TO", request.recipient, top=298, size=12, width=INNER)
    canvas.line(MARGIN, 192, WIDTH - MARGIN, 192)
    _details(canvas, request)
    codes.draw_qr(canvas, request.reference, x=WIDTH - MARGIN - QR_SIZE, y=98, size=QR_SIZE)
    canvas.line(MARGIN, 96, WIDTH - MARGIN, 96)
    codes.draw_code128(canvas, tracking_number, x=MARGIN, y=30, width=INNER, height=58)
    _centred(canvas, tracking_number, y=14, size=11)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _head(canvas: Any, request: LabelRequest, carrier: str) -> None:
    _text(canvas, carrier, x=MARGIN, y=404, size=18, width=INNER * 0.65, bold=True)
    if request.delivery_type:
        text, font = lettered(request.delivery_type, bold=True)
        canvas.setFont(font, 11)
        canvas.drawRightString(WIDTH - MARGIN, 406, _shortened(text, font, 11, INNER * 0.33))
    canvas.line(MARGIN, 394, WIDTH - MARGIN, 394)


def _address(
    canvas: Any, title: str, address: Address, *, top: float, size: float, width: float
) -> None:
    """Title and up to six lines, each shortened to the width, the block ending above its rule."""
    _text(canvas, title, x=MARGIN, y=top, size=7, width=40)
    lines = [address.name, address.organization, *_wrapped(address.lines, size, width - 40)]
    lines.append(address.phone)
    filled = [line for line in lines if line][:7]
    for place, line in enumerate(filled):
        y = top - place * (size + 2)
        _text(canvas, line, x=MARGIN + 34, y=y, size=size, width=width - 34, bold=place == 0)


def _wrapped(lines: tuple[str, ...], size: float, width: float) -> list[str]:
    """Break what is too long at blanks; what has none is shortened when it is drawn."""
    broken: list[str] = []
    for line in lines:
        text, font = lettered(line)
        row = ""
        for word in text.split():
            longer = f"{row} {word}".strip()
            if row and _width(longer, font, size) > width:
                broken.append(row)
                longer = word
            row = longer
        broken.append(row)
    return broken


def _details(canvas: Any, request: LabelRequest) -> None:
    rows = (
        ("PARCEL", str(request.parcel_number)),
        ("WEIGHT", _weight(request.weight_kg)),
        ("ORDER", request.order_number),
        ("TASK", request.task_number),
        ("REF", request.reference),
    )
    width = INNER - QR_SIZE - 50
    for place, (title, value) in enumerate(rows):
        y = 176 - place * 17
        _text(canvas, title, x=MARGIN, y=y, size=7, width=40)
        _text(canvas, value, x=MARGIN + 42, y=y, size=10, width=width, bold=place == 0)


def _weight(weight: Decimal | None) -> str:
    return "-" if weight is None else f"{weight.normalize():f} kg"


def _text(
    canvas: Any, text: str, *, x: float, y: float, size: float, width: float, bold: bool = False
) -> None:
    shown, font = lettered(text, bold=bold)
    canvas.setFont(font, size)
    canvas.drawString(x, y, _shortened(shown, font, size, width))


def _centred(canvas: Any, text: str, *, y: float, size: float) -> None:
    shown, font = lettered(text, bold=True)
    canvas.setFont(font, size)
    canvas.drawCentredString(WIDTH / 2, y, shown)


def _shortened(text: str, font: str, size: float, width: float) -> str:
    if _width(text, font, size) <= width:
        return text
    while text and _width(text + "...", font, size) > width:
        text = text[:-1]
    return text + "..."


@lru_cache(maxsize=4096)
def _width(text: str, font: str, size: float) -> float:
    width: float = stringWidth(text, font, size)
    return width
