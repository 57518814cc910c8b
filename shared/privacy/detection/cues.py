"""Words before a number that say what it is, or that it is nothing of a person's."""

import re
from typing import Final

_NOT_PERSONAL: Final = re.compile(
    r"(?:(?<![a-z])(?:orders?|invoices?|inv|tracking|awb|waybill|reference|ref|sku|po|p\.o\.|do|rfq|ticket|case|serial|"
    r"s/n|batch|lot|model|item|product|parcel|transaction|txn|receipt|quote|quotation|uen|gst|gstin|ean|barcode|isbn|"
    r"imei|hs code|code|voucher|coupon|campaign|listing|property id|rera|budget|price|total|amount|usd|sgd|inr|rmb|rs|"
    r"version|build)"
    r"(?: (?:id|no|number|num|code|is|of|was|to|about|around|under))*"
    r"|[₹$¥€£]|订单号?|单号|编号|发票号?|运单|快递|流水号|型号|货号|批号|预算|价格|总价|金额|交易号|验证码|税号|统一社会信用代码|版本)"
    r"(?:[\s:：#.,-]|no|号|是|为|了|[码a-z]{0,2}-)*$"
)
_REACH: Final = 32


def preceded(text: str, start: int, reach: int = _REACH) -> str:
    """The words before `start`, in lower case."""
    return text[max(0, start - reach) : start].lower()


def is_reference(text: str, start: int) -> bool:
    """Whether the words before say that the number at `start` is an order's, an amount, a code."""
    return bool(_NOT_PERSONAL.search(preceded(text, start)))
