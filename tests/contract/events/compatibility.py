"""Whether a JSON Schema of an event still fits everything that was written and read under an older one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

_CEILINGS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_FLOORS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_FIXED = ("type", "const", "format")


def breaks(old: Schema, new: Schema) -> list[str]:
    """What in `new` is not merely added to `old`, each with its place."""
    return list(_Comparison(old, new).differences(old, new, ""))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old.get("$defs", {})
        self._new = new.get("$defs", {})

    def differences(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from _values(old, new, place)
        yield from _limits(old, new, place)
        yield from self._fields(old, new, place)
        for keyword in ("items", "additionalProperties"):
            if isinstance(old.get(keyword), Mapping):
                yield from self.differences(old[keyword], new.get(keyword) or {}, f"{place}[]")
        for keyword in ("anyOf", "oneOf", "prefixItems"):
            yield from self._alternatives(old.get(keyword, ()), new.get(keyword, ()), place)

    def _fields(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{place}.{name}: is required, and older records have none"
        for name, field in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{place}.{name}: is gone"
            else:
                yield from self.differences(field, new["properties"][name], f"{place}.{name}")

    def _alternatives(self, old: Iterable[Schema], new: Sequence[Schema], place: str) -> Iterator[str]:
        for index, each in enumerate(old):
            if not any(not list(self.differences(each, candidate, place)) for candidate in new):
                yield f"{place}: alternative {index} is gone"


def _values(old: Schema, new: Schema, place: str) -> Iterator[str]:
    for keyword in _FIXED:
        if keyword in old and new.get(keyword) != old[keyword]:
            yield f"{place}: {keyword} was {old[keyword]!r}, is {new.get(keyword)!r}"
    if not set(old.get("enum", ())) <= set(new.get("enum", ())):
        yield f"{place}: values are gone"


def _limits(old: Schema, new: Schema, place: str) -> Iterator[str]:
    for keyword in _CEILINGS:
        if keyword in new and new[keyword] < old.get(keyword, float("inf")):
            yield f"{place}: {keyword} is lower"
    for keyword in _FLOORS:
        if keyword in new and new[keyword] > old.get(keyword, float("-inf")):
            yield f"{place}: {keyword} is higher"
    if new.get("pattern") not in (None, old.get("pattern")):
        yield f"{place}: pattern is another"


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    reference = schema.get("$ref")
    return schema if reference is None else definitions[reference.rpartition("/")[2]]
