"""Where the city takes reports, and who does beyond."""

from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import METRES_PER_DEGREE, Bounds, Place

AROUND_THE_CENTRE = 0.3  # degrees; where a city has drawn no boundary


def is_inside(catalogue: Catalogue, place: Place) -> bool:
    """Whether the city takes reports there: inside its boundary or up to its margin beyond (boundaries are coarse)."""
    boundary = catalogue.boundary
    if boundary is None or boundary.geometry is None:
        return True
    return boundary.geometry.is_within(place, catalogue.city.boundary_margin_m)


def city_bounds(catalogue: Catalogue) -> Bounds | None:
    """The rectangle around the city and its margin; None: the city has neither boundary nor centre."""
    city, boundary = catalogue.city, catalogue.boundary
    if boundary is not None and boundary.geometry is not None:
        return Bounds(*boundary.geometry.bounds).widened(2 * city.boundary_margin_m / METRES_PER_DEGREE)
    if city.centre is None:
        return None
    return Bounds(city.centre.lon, city.centre.lat, city.centre.lon, city.centre.lat).widened(AROUND_THE_CENTRE)


def find_neighbour(catalogue: Catalogue, place: Place) -> Area | None:
    """The neighbouring municipality that a place lies in, where the city has drawn it."""
    neighbours = (area for area in catalogue.areas.values() if area.kind == "neighbour")
    return next((area for area in neighbours if area.covers(place)), None)


def find_place_fault(catalogue: Catalogue, place: Place) -> Refusal | None:
    """Why the city takes no report there, naming the municipality that does; None inside."""
    if is_inside(catalogue, place):
        return None
    neighbour = find_neighbour(catalogue, place)
    if neighbour is not None:
        return Refusal("place_in_neighbour", "place", neighbour=neighbour, city=catalogue.city.name)
    if is_inside_swapped(catalogue, place):
        return Refusal("place_swapped", "place", city=catalogue.city.name)
    return Refusal("place_outside", "place", city=catalogue.city.name)


def is_inside_swapped(catalogue: Catalogue, place: Place) -> bool:
    """Whether the place would lie in the city if longitude and latitude changed sides: a common slip."""
    return abs(place.lon) <= 90 and is_inside(catalogue, Place(place.lat, place.lon))
