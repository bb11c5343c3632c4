"""A city as a directory of files that its own staff can write: YAML, GeoJSON, plain text."""

from maengelmelder.adapters.city_directory.load import Inspection, inspect_city, read_city
from maengelmelder.adapters.city_directory.problems import CityDirectoryError, Problem
from maengelmelder.adapters.city_directory.translations import missing_translations

__all__ = ["CityDirectoryError", "Inspection", "Problem", "inspect_city", "missing_translations", "read_city"]
