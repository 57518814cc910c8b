"""Markets by their ISO 3166 codes (UK for GB, as marketers have it), and how people call them."""

from collections.abc import Mapping
from typing import Final

_NAMES: Final = """
AE United Arab Emirates, UAE, Emirates
AR Argentina
AT Austria, Austrian
AU Australia, Australian
BE Belgium, Belgian
BR Brazil, Brazilian
CA Canada, Canadian
CH Switzerland, Swiss
CL Chile
CN China, Chinese, 中国
CO Colombia
CZ Czech Republic, Czechia
DE Germany, German, Deutschland, 德国
DK Denmark, Danish
EG Egypt
ES Spain, Spanish, España, 西班牙
FI Finland, Finnish
FR France, French, 法国
GR Greece, Greek
HK Hong Kong
HU Hungary, Hungarian
ID Indonesia
IE Ireland, Irish
IL Israel
IN India, Indian
IT Italy, Italian, 意大利
JP Japan, Japanese, 日本
KR South Korea, Korea, Korean
MX Mexico, Mexican
MY Malaysia
NG Nigeria
NL Netherlands, Holland, Dutch
NO Norway, Norwegian
NZ New Zealand
PH Philippines
PL Poland, Polish
PT Portugal, Portuguese
RO Romania
RU Russia, Russian
SA Saudi Arabia
SE Sweden, Swedish
SG Singapore
TH Thailand
TR Turkey, Turkish
TW Taiwan
UA Ukraine
UK United Kingdom, Great Britain, Britain, British, England, 英国
US United States, USA, America, American, 美国
VN Vietnam
ZA South Africa
"""

MARKET_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    line[:2]: tuple(line[3:].split(", ")) for line in _NAMES.strip().splitlines()
}
"""Code -> names, the usual one first."""
