"""The bench's commands as bar codes on a sheet of paper."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from fulfillment.carriers.own.codes import draw_code128
from oms.backoffice.desk.scans import MEANINGS

_COLUMNS = 2
_WIDTH, _HEIGHT = 90 * mm, 36 * mm
_LEFT, _TOP = 15 * mm, A4[1] - 30 * mm
_TIMES = (2, 3, 5, 10)


def draw() -> bytes:
    """One page, A4: each command, and the numbers that are wanted most."""
    cards = [(f"*{command}*", meaning) for command, meaning in MEANINGS.items()]
    cards += [(f"{times}*", f"The next scan counts {times} times") for times in _TIMES]
    paper = io.BytesIO()
    canvas = Canvas(paper, pagesize=A4, invariant=1)
    canvas.setTitle("Commands of the bench")
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(_LEFT, A4[1] - 18 * mm, "Commands of the bench")
    for place, (text, meaning) in enumerate(cards):
        row, column = divmod(place, _COLUMNS)
        x, y = _LEFT + column * _WIDTH, _TOP - (row + 1) * _HEIGHT
        draw_code128(canvas, text, x=x, y=y + 14 * mm, width=_WIDTH - 10 * mm, height=15 * mm)
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawCentredString(x + (_WIDTH - 10 * mm) / 2, y + 9 * mm, text)
        canvas.setFont("Helvetica", 9)
        canvas.drawCentredString(x + (_WIDTH - 10 * mm) / 2, y + 5 * mm, meaning)
    canvas.showPage()
    canvas.save()
    return paper.getvalue()
