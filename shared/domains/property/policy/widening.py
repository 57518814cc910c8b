"""What to search for when nothing fits: ever fewer demands, the one that costs the person least first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.domains.property.listings import Place, Wanted
from shared.domains.property.words import bedroom_words, place_words, rupees, sentence

_STRETCH = 1.15


@dataclass(frozen=True, slots=True)
class Wider:
    """A search with fewer demands, and all that was given up in words."""

    wanted: Wanted
    given_up: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        return f"{sentence(', '.join(self.given_up))} there is"

    def without(self, clause: str, **update: object) -> "Wider":
        """This search with one demand less."""
        return Wider(self.wanted.model_copy(update=update), (*self.given_up, clause))


Concession = Callable[[Wider], Wider | None]


def widened(wanted: Wanted, *, firm: bool) -> Iterator[Wider]:
    """Wider searches, in turn; with `firm` they keep to price and size, which were what the person asked to change."""
    standing = Wider(wanted)
    for concede, lasting in _FIRM if firm else _ALL:
        wider = concede(standing)
        if wider is not None:
            yield wider
            standing = wider if lasting else standing


def _without_extras(standing: Wider) -> Wider | None:
    if not (standing.wanted.amenities or standing.wanted.ready):
        return None
    return standing.without("without asking for amenities or readiness", amenities=(), ready=False)


def _smaller(standing: Wider) -> Wider | None:
    return standing.without("smaller than that", area=None) if standing.wanted.area else None


def _little_dearer(standing: Wider) -> Wider | None:
    if not standing.wanted.high:
        return None
    high = round(standing.wanted.high * _STRETCH)
    return standing.without(f"a little above the budget, up to {rupees(high)},", high=high)


def _rest_of_city(standing: Wider) -> Wider | None:
    if not any(place.locality for place in standing.wanted.places):
        return None
    cities = tuple(dict.fromkeys(Place(city=place.city) for place in standing.wanted.places))
    return standing.without(f"elsewhere in {place_words(cities)}", places=cities)


def _other_builders(standing: Wider) -> Wider | None:
    return standing.without("from other builders", developer=None) if standing.wanted.developer else None


def _any_price(standing: Wider) -> Wider | None:
    if not (standing.wanted.low or standing.wanted.high):
        return None
    return standing.without("leaving the budget aside", low=None, high=None)


def _other_sizes(standing: Wider) -> Wider | None:
    if not standing.wanted.bedrooms:
        return None
    return standing.without(f"in other sizes than {bedroom_words(standing.wanted.bedrooms)}", bedrooms=())


_ALL: tuple[tuple[Concession, bool], ...] = (
    (_without_extras, True),
    (_smaller, True),
    (_little_dearer, False),
    (_rest_of_city, False),
    (_other_builders, False),
    (_any_price, True),
    (_rest_of_city, True),
    (_other_builders, True),
    (_other_sizes, True),
)
"""Concessions, and whether those after build on them."""

_FIRM: tuple[tuple[Concession, bool], ...] = (
    (_without_extras, True),
    (_rest_of_city, True),
    (_other_builders, True),
    (_other_sizes, True),
)
