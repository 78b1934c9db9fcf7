"""Bar codes as rectangles on a canvas."""

from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET_MODULES = 4

# Choosing the best of the eight masks costs eight times as much as drawing one; readers take any.
_MASK = 2


def draw_code128(
    canvas: Any, text: str, *, x: float, y: float, width: float, height: float
) -> None:
    """Draw a Code 128 symbol, centred in `width`, with ten modules of quiet on each side."""
    modules = _code128(text, 1.0).width
    bar = min(1.6, width / (modules + 20))
    symbol = _code128(text, bar, height)
    symbol.drawOn(canvas, x + (width - symbol.width) / 2, y)


def _code128(text: str, bar: float, height: float = 1.0) -> Any:
    return Code128(text, barWidth=bar, barHeight=height, quiet=0, humanReadable=0)


def draw_qr(canvas: Any, text: str, *, x: float, y: float, size: float) -> None:
    """Draw a QR code (level M) in a square, its quiet zone inside."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    count = code.getModuleCount()
    side = count + 2 * QUIET_MODULES
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / side, size / side)
    squares = [
        f"{QUIET_MODULES + start} {side - QUIET_MODULES - row - 1} {end - start} 1 re"
        for row, dark in enumerate(code.modules)
        for start, end in _runs(dark)
    ]
    # Whole numbers under one scale, written as they are: a path object formats each as a float.
    canvas.addLiteral(" ".join([*squares, "f"]))
    canvas.restoreState()


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Stretches of dark modules, so that neighbours make one rectangle without seams."""
    runs = []
    start = None
    for column, dark in enumerate([*row, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            runs.append((start, column))
            start = None
    return runs
