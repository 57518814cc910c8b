"""An invoice as PDF. Chinese is set in a font that PDF readers bring along, so nothing has to be installed."""

import io
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from shared.domains.orders.catalogue import CURRENCY, TAX_PERCENT, Order
from shared.domains.orders.words import money

_FONT: Final = "STSong-Light"
_SELLER: Final = ("Parley Packaging Pte Ltd", "1 Tuas Avenue 8, Singapore 639200", "GST registration 201912345K")
_WIDTHS: Final = (82 * mm, 24 * mm, 32 * mm, 32 * mm)


def invoice_pdf(order: Order) -> bytes:
    """The invoice that stands for an order."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = io.BytesIO()
    title = f"Invoice {order.invoice.number}"
    document = SimpleDocTemplate(
        file, pagesize=A4, title=title, author=_SELLER[0], leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm
    )
    document.build(_story(order, title))
    return file.getvalue()


def _story(order: Order, title: str) -> list[Flowable]:
    plain = ParagraphStyle("plain", fontName=_FONT, fontSize=10, leading=14)
    heading = ParagraphStyle("heading", parent=plain, fontSize=18, leading=24, spaceAfter=6 * mm)
    invoice, delivery = order.invoice, order.delivery
    facts = (
        f"Order {order.number}, delivery order {delivery.number}",
        f"Issued {invoice.issued_on:%d %B %Y}, due {invoice.due_on:%d %B %Y}",
        f"Deliver on {delivery.deliver_on:%d %B %Y} to {delivery.address or 'an address to be named'}",
    )
    return [
        *(Paragraph(escape(line), plain) for line in _SELLER),
        Spacer(1, 8 * mm),
        Paragraph(title if order.status == "placed" else f"{title} (void)", heading),
        *(Paragraph(escape(line), plain) for line in facts),
        Spacer(1, 6 * mm),
        _table(order, plain),
    ]


def _table(order: Order, plain: ParagraphStyle) -> Table:
    rows: list[Sequence[object]] = [("Goods", "Quantity", "Price", f"Amount ({CURRENCY})")]
    for line in order.lines:
        name = Paragraph(escape(line.name), plain)
        rows.append((name, f"{line.quantity:,}", money(line.unit_price_cents), money(line.amount_cents)))
    rows += [
        ("", "", "Subtotal", money(order.subtotal_cents)),
        ("", "", f"GST {TAX_PERCENT} %", money(order.tax_cents)),
        ("", "", "Total", money(order.total_cents)),
    ]
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _FONT, 10),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEABOVE", (2, -3), (-1, -3), 0.5, colors.grey),
                ("LINEABOVE", (2, -1), (-1, -1), 0.8, colors.black),
            ]
        )
    )
    return table
