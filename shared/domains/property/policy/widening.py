"""What to search for when nothing fits: ever fewer demands, the one that costs the person least first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.domains.property.listings import Place, Wanted
from shared.domains.property.words import bedroom_words, place_words, rupees

_STRETCH = 1.15


@dataclass(frozen=True, slots=True)
class Wider:
    """A search with one demand less, and how to say so. What is not `lasting` is tried once and then demanded again."""

    wanted: Wanted
    said: str
    lasting: bool = True


def widened(wanted: Wanted, *, firm: bool) -> Iterator[Wider]:
    """Wider searches, in turn; with `firm` they keep to price and size, which were what the person asked to change."""
    for concede in (*_EXTRAS, *(() if firm else _LIMITS), *_PLACE_AND_BUILDER, *(() if firm else _PRICE), _sizes):
        wider = concede(wanted)
        if wider is not None:
            yield wider
            wanted = wider.wanted if wider.lasting else wanted


def _without_extras(wanted: Wanted) -> Wider | None:
    if not (wanted.amenities or wanted.ready):
        return None
    plain = wanted.model_copy(update={"amenities": (), "ready": False})
    return Wider(plain, "Without asking for amenities or readiness there is")


def _smaller(wanted: Wanted) -> Wider | None:
    if not wanted.area:
        return None
    return Wider(wanted.model_copy(update={"area": None}), "Smaller than that there is")


def _little_dearer(wanted: Wanted) -> Wider | None:
    if not wanted.high:
        return None
    high = round(wanted.high * _STRETCH)
    said = f"A little above the budget, up to {rupees(high)}, there is"
    return Wider(wanted.model_copy(update={"high": high}), said, lasting=False)


def _rest_of_city(wanted: Wanted) -> Wider | None:
    if not any(place.locality for place in wanted.places):
        return None
    cities = tuple(dict.fromkeys(Place(city=place.city) for place in wanted.places))
    return Wider(wanted.model_copy(update={"places": cities}), f"Elsewhere in {place_words(cities)} there is")


def _other_builders(wanted: Wanted) -> Wider | None:
    if not wanted.developer:
        return None
    return Wider(wanted.model_copy(update={"developer": None}), "From other builders there is")


def _any_price(wanted: Wanted) -> Wider | None:
    if not (wanted.low or wanted.high):
        return None
    unbounded = wanted.model_copy(update={"low": None, "high": None})
    return Wider(unbounded, "Leaving the budget aside, the least expensive are", lasting=False)


def _sizes(wanted: Wanted) -> Wider | None:
    if not wanted.bedrooms:
        return None
    said = f"In other sizes than {bedroom_words(wanted.bedrooms)} there is"
    return Wider(wanted.model_copy(update={"bedrooms": ()}), said)


_Concession = Callable[[Wanted], Wider | None]

_EXTRAS: tuple[_Concession, ...] = (_without_extras,)
_LIMITS: tuple[_Concession, ...] = (_smaller, _little_dearer)
_PLACE_AND_BUILDER: tuple[_Concession, ...] = (_rest_of_city, _other_builders)
_PRICE: tuple[_Concession, ...] = (_any_price,)
