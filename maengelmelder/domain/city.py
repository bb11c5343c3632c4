"""The city itself, and the words it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maengelmelder.domain.places import Place


@dataclass(frozen=True)
class Text:
    """Words of the city in its languages, by language tag; German is always there."""

    de: str
    other: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """The words in the language asked for; else, for `en@simple`, in `en`; else in German."""
        return self.other.get(language) or self.other.get(language.partition("@")[0]) or self.de


@dataclass(frozen=True)
class Kind:
    """What somebody may send in: a defect, an idea (`votes`: others may support it), praise (not public)."""

    key: str
    label: Text
    default: bool = False
    votes: bool = False
    public: bool = True


@dataclass(frozen=True)
class EmergencyContact:
    """Whom to ring. As long as the city has not filled in `tel` it is not shown; `note` is for staff."""

    key: str
    label: Text
    tel: str = ""
    note: str = ""


@dataclass(frozen=True)
class Page:
    """A legal or help page of the city (`impressum`, `datenschutz`, …): a title and plain paragraphs."""

    key: str
    title: Text
    body: Text


@dataclass(frozen=True)
class Holidays:
    """Which public holidays are no working days: ISO 3166 country and subdivision, and the kinds that count.

    Bavarian towns with a Catholic majority, such as Landshut, need `catholic` for 15 August.
    """

    country: str = "DE"
    subdivision: str = ""
    categories: tuple[str, ...] = ("public",)


@dataclass(frozen=True)
class City:
    """The city itself: name, official key, zone, look, and the rules that differ from city to city.

    `crest` is a file of the city directory, `crest_image` its bytes in base64, so that any machine can show it.
    """

    key: str
    name: Text
    timezone: str = "Europe/Berlin"
    ags: str = ""
    accent: str = "#00528A"
    crest: str = ""
    crest_image: str = ""
    desk: str = "redaktion"
    boundary_margin_m: float = 200.0
    centre: Place | None = None
    attribution: str = ""
    holidays: Holidays = Holidays()
