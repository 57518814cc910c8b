"""Postal addresses, English and Chinese: told by their shape or by the words that announce them."""

import re
from collections.abc import Iterator
from typing import Final

from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Span

_DIGIT: Final = re.compile(r"[0-9]")

_WORD: Final = r"[A-Z][A-Za-z'.-]*"
_STREET: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Dr|Boulevard|Blvd|Crescent|Cres|Close|Place|Walk|Way|Terrace|Court|Ct|"
    r"Nagar|Marg|Layout|Colony|Cross|Main|Link|Rise|Quay|Circle|Sector|Enclave|Extension|Chowk|Square|Highway|Jalan|Lorong)"
)
_AREA: Final = rf"(?:{_WORD}|[0-9]{{1,3}}(?:st|nd|rd|th)?(?![0-9])|of)"
_TAIL: Final = (
    r"(?:,? ?#[0-9A-Z]{1,3}-[0-9A-Z]{1,5}"
    r"|, ?(?:(?:Unit|Floor|Level|Block|Phase|Stage|Sector|Apt|Flat|Tower|Suite) ?#?[0-9A-Z-]+"
    rf"|{_AREA}(?: {_AREA}){{0,3}})"
    r"|,? ?(?:[-–] ?)?(?:[A-Z]{2} )?[0-9]{5,6}(?![0-9])|,? ?(?:Singapore|S) ?\(?[0-9]{6}\)?)"
)
_SHAPES: Final = (
    # 12 Orchard Road, 4B Jalan Besar, 221b Baker Street
    re.compile(
        rf"(?<![A-Za-z0-9.,$₹#])(?:No\.? ?|#)?[0-9]{{1,5}}[A-Za-z]?(?:[/-][0-9]{{1,4}}[A-Za-z]?)?,? "
        rf"(?:{_AREA} ){{0,4}}(?:{_STREET}\b\.?(?: [0-9]{{1,3}}\b)?|(?:Jalan|Lorong) {_WORD})(?:{_TAIL}){{0,6}}"
    ),
    # 12 orchard road: lower case only for what is a street beyond doubt
    re.compile(
        r"(?<![a-z0-9.,$₹#-])[0-9]{1,5}[a-z]?,? (?!(?:of|in|on|at|near|from|to|for|the|bhk|bed|bath|min)[a-z]* )"
        r"(?:(?!(?:in|on|at|near|from|to|for|the|by|along)\b)[a-z]{3,20} ){1,3}"
        r"(?:street|road|avenue|lane|rd|ave|blvd)\b(?: [0-9]{1,3}\b)?"
        r"(?:,? ?#[0-9]{1,3}-[0-9]{1,5}|,? (?:singapore )?[0-9]{6}\b)*",
    ),
    # Blk 123 Ang Mo Kio Ave 3 #12-34
    re.compile(rf"\b(?:Blk|Block|BLK) ?[0-9]{{1,4}}[A-Z]?,? {_WORD}(?: {_AREA}){{0,5}}(?:{_TAIL}){{0,6}}"),
    # Flat 302, Green Residency, 4th Cross, Indiranagar, Bangalore 560038
    re.compile(
        r"\b(?:Flat|Apt|Apartment|H\.? ?No|House No|Door No|D\.? ?No|Plot|Villa|Unit|Room|Suite)\.?"
        rf"(?: No\.?)?:? ?#?[A-Z]?-?[0-9]{{1,5}}[A-Za-z]?(?:[/-][0-9A-Z]{{1,5}})?(?:{_TAIL}){{2,7}}",
    ),
    # #12-34 Marina Bay Residences, Singapore 018980
    re.compile(rf"#[0-9]{{1,3}}-[0-9]{{1,5}}(?:,? {_WORD}){{0,4}}(?:{_TAIL}){{0,4}}"),
    re.compile(r"\b(?:Singapore|S) ?\(?[0-9]{6}\)?(?![0-9])"),
    re.compile(r"\bP\.? ?O\.? Box [0-9]{1,6}(?:, ?[A-Z][a-z]+)*", re.I),
)

_ANNOUNCED: Final = re.compile(
    r"(?:(?<![a-z])(?:address(?: is|:| -)?|deliver(?:ed)?(?: (?:it|them|this|everything|the order))? to|"
    r"ship(?:ped)?(?: (?:it|them|this))? to|send (?:it|them|this) to|drop (?:it|them) (?:off )?at|i live (?:at|in|on)|"
    r"we live (?:at|in|on)|i stay (?:at|in)|pick ?up from|my (?:home|house|flat|office) is (?:at|in|on)))[ :]{0,2}"
    r"(?P<address>[^\n;!?]{6,120}?)"
    r"(?=[\n;!?]|\. |\.?$| (?:by|before|on|and (?:my|call|the)|please|tomorrow|today|thanks|asap)\b)",
    re.I,
)
_PLACED: Final = re.compile(
    r"[0-9][^,]{0,40}(?:[a-z]{3}|#)|(?:[a-z]{3}[^,]*, ?){1,5}[^,]{0,20}[0-9]|#[0-9]|[a-z]{3} [0-9]{5,6}$", re.I
)
_NO_PLACE: Final = re.compile(
    r"^[0-9.,]+ ?(?:boxes|pcs|pieces|people|units|am|pm|days|weeks|bhk|bed|min|km|%|o'clock)|^(?:me|us|you|them)\b",
    re.I,
)

_HAN: Final = r"[\u4e00-\u9fff]"
_COUNT: Final = r"[0-9一二三四五六七八九十百甲乙丙丁A-Za-z]"
_PLACE: Final = "路|街|大道|巷|弄|胡同|里|村|屯|小区|苑|花园|新村|家园|公寓|广场|大厦|镇|乡|城|府|湾|园"
_PART: Final = "号楼|号院|号|弄|栋|幢|座|组|队|室|楼|单元|层|期|户|房"
_NUMBER: Final = rf"{_COUNT}{{1,5}}(?:-[0-9A-Za-z]{{1,5}})*"
_CHINESE_SHAPE: Final = re.compile(
    rf"{_HAN}{{1,24}}?(?:{_PLACE})[东西南北中]?{_HAN}{{0,6}}?[ ,]?{_NUMBER}(?:{_PART})"
    rf"(?:[ ,]?{_HAN}{{0,8}}?{_NUMBER}(?:{_PART}))*(?:[ ,]?[0-9]{{3,4}}(?![0-9]))?"
)
_CHINESE_ANNOUNCED: Final = re.compile(
    r"(?:(?:收货|收件|家庭|联系|送货|公司|我的?|新)?(?:地址|住址)(?:是|为|改成|改为|在|:)?"
    r"|(?:寄|送|发|快递|配送|送货)(?:货|去)?到|我家?住在?|家在)\s*"
    rf"(?P<address>(?:{_HAN}|[0-9A-Za-z# -]){{5,60}})"
)
_CHINESE_PLACE: Final = re.compile(
    rf"{_COUNT}(?:{_PART})|(?:路|街|巷|小区|村|花园|苑|大厦|公寓|广场)$|(?:省|市|区|县).*(?:路|街|镇|乡|村|小区)"
)
_BEFORE_CHINESE: Final = re.compile(
    r".*(?:地址|住址|寄到|送到|发到|送去|快递到|配送到|送货到|住在|家住|我住|家在|位于|搬到|搬去|公司在|就在|来|去|到|是|在|给|往|从)(?=.{4})"
)


def find_addresses(folded: Folded) -> Iterator[Span]:
    """What has the shape of an address, and what follows "deliver to" or 地址 and names a place with a number."""
    text = folded.text
    if _DIGIT.search(text):
        for shape in _SHAPES:
            for match in shape.finditer(text):
                yield Span(Kind.ADDRESS, match.start(), match.end(), 0.8)
        for match in _ANNOUNCED.finditer(text):
            if _PLACED.search(match["address"]) and not _NO_PLACE.search(match["address"]):
                yield Span(Kind.ADDRESS, match.start("address"), match.end("address"), 0.75)
    if not text.isascii():
        yield from _chinese(text)


def _chinese(text: str) -> Iterator[Span]:
    for match in _CHINESE_SHAPE.finditer(text):
        lead = _BEFORE_CHINESE.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        yield Span(Kind.ADDRESS, start, match.end(), 0.8)
    for match in _CHINESE_ANNOUNCED.finditer(text):
        address = match["address"].rstrip()
        if _CHINESE_PLACE.search(address):
            yield Span(Kind.ADDRESS, match.start("address"), match.start("address") + len(address), 0.75)
