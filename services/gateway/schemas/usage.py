"""What language models did."""

from datetime import date

from services.gateway.schemas.common import Public, example


class UsageView(Public):
    """What one model did for one pack in a day."""

    day: date
    domain: str
    model: str
    turns: int
    requests: int
    input_tokens: int
    output_tokens: int
    tool_calls: int


class UsageReport(Public):
    """Usage from one day to another, both included, in UTC."""

    first: date
    last: date
    items: tuple[UsageView, ...]

    model_config = example(
        first="2026-03-01",
        last="2026-03-01",
        items=[
            {
                "day": "2026-03-01",
                "domain": "shop",
                "model": "llama-3.3-70b",
                "turns": 12,
                "requests": 19,
                "input_tokens": 8120,
                "output_tokens": 960,
                "tool_calls": 7,
            }
        ],
    )
