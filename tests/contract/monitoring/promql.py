"""Which metrics a PromQL expression reads, and by which labels it picks them."""

import re
from dataclasses import dataclass

_STRING = re.compile(r'"[^"]*"')
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_RANGE = re.compile(r"\[[^\]]*\]")
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_WORDS = frozenset({"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset"})


@dataclass(frozen=True, slots=True)
class Selection:
    """A metric and the labels of its selector."""

    metric: str
    labels: frozenset[str]


def selections(expression: str) -> set[Selection]:
    """The metrics of an expression. What is called like a function is none."""
    bare = _RANGE.sub("", _GROUPING.sub(" ", _STRING.sub('""', expression)))
    found = set()
    for match in _SELECTOR.finditer(bare):
        name, within = match.groups()
        called = bare[match.end() :].lstrip().startswith("(")
        if name not in _WORDS and not called and not bare[match.start() - 1 : match.start()].isdigit():
            found.add(Selection(name, frozenset(_LABEL.findall(within or ""))))
    return found


def groupings(expression: str) -> set[str]:
    """The labels that an expression groups by."""
    return {label.strip() for group in _GROUPING.findall(expression) for label in group.split(",") if label.strip()}
