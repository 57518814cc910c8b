"""How people name cities, and cities that are asked for though nothing is on sale there."""

from collections.abc import Iterable, Mapping

from shared.domains.property.listings import Place

REGIONS: Mapping[str, tuple[str, ...]] = {"Delhi NCR": ("Gurugram", "Noida", "Ghaziabad")}
"""Names for several cities at once."""

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "Bengaluru": ("bangalore", "banglore", "bengalore", "blr", "bengluru"),
    "Hyderabad": ("hyd", "hydrabad", "hyderbad", "cyberabad"),
    "Pune": ("poona", "puna"),
    "Mumbai": ("bombay", "mumbay"),
    "Chennai": ("madras", "chenai"),
    "Gurugram": ("gurgaon", "gurgoan"),
    "Delhi NCR": ("ncr", "delhi", "new delhi"),
    "Electronic City": ("electronics city", "e-city", "ecity"),
    "Sarjapur Road": ("sarjapur", "sarjapura"),
    "Whitefield": ("white field", "whitfield"),
    "Kolkata": ("calcutta",),
    "Kochi": ("cochin",),
    "Mangaluru": ("mangalore",),
    "Mysuru": ("mysore",),
    "Thiruvananthapuram": ("trivandrum",),
    "Visakhapatnam": ("vizag",),
    "Kanakapura Road": ("kanakapura",),
    "Hinjewadi": ("hinjawadi", "hinjwadi"),
    "Gachibowli": ("gachibowly", "gachi bowli"),
    "Sholinganallur": ("omr", "old mahabalipuram road"),
    "Thane West": ("thane",),
    "Andheri West": ("andheri",),
    "Goregaon East": ("goregaon",),
    "Mulund West": ("mulund",),
    "Kandivali East": ("kandivali",),
    "Noida Extension": ("greater noida west",),
    "Golf Course Extension Road": ("golf course road", "gcer"),
    "Raj Nagar Extension": ("raj nagar", "rajnagar"),
    "HSR Layout": ("hsr",),
}

ELSEWHERE = (
    "Ahmedabad",
    "Bhopal",
    "Bhubaneswar",
    "Chandigarh",
    "Coimbatore",
    "Dehradun",
    "Dubai",
    "Goa",
    "Indore",
    "Jaipur",
    "Kochi",
    "Kolkata",
    "Lucknow",
    "Mangaluru",
    "Mysuru",
    "Nagpur",
    "Nashik",
    "Patna",
    "Surat",
    "Thiruvananthapuram",
    "Vadodara",
    "Visakhapatnam",
)


def expand(code: str) -> tuple[Place, ...]:
    """The places that a code of the gazetteer stands for."""
    return tuple(Place(city=city) for city in REGIONS[code]) if code in REGIONS else (Place.parse(code),)


def place_names(places: Iterable[Place]) -> Mapping[str, tuple[str, ...]]:
    """Codes of places -> the ways people write them: localities, their cities, regions and cities without listings.

    A locality whose name several cities have is written with its city.
    """
    localities = {place.code: place for place in places}
    cities = {place.city for place in localities.values()}
    names = {city: (city, *SPELLINGS.get(city, ())) for city in (*ELSEWHERE, *sorted(cities))}
    names |= {region: (region, *SPELLINGS.get(region, ())) for region, parts in REGIONS.items() if cities & {*parts}}
    for code, place in localities.items():
        unique = sum(other.locality == place.locality for other in localities.values()) == 1
        names[code] = (
            code,
            *((place.name, *SPELLINGS.get(place.name, ())) if unique else (f"{place.name} {place.city}",)),
        )
    return names
