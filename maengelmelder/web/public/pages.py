"""The city's own pages (imprint, privacy, help …) and its colour."""

from typing import NamedTuple

from flask import Blueprint, Response, abort, render_template

from maengelmelder.web.languages import words_of
from maengelmelder.web.page import the_catalogue

blueprint = Blueprint("pages", __name__)

PAGES = "impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "hilfe", "nutzungsbedingungen"


class Block(NamedTuple):
    """A piece of a page: `heading`, `list` or `paragraph`, with its lines."""

    kind: str
    lines: list[str]


@blueprint.get(f"/<any({', '.join(repr(page) for page in PAGES)}):key>")
def page(key: str) -> str:
    """One of the city's pages; nothing in it is markup, the city writes plain text."""
    found = the_catalogue().pages.get(key)
    if found is None:
        abort(404)
    return render_template("public/page.html", page=found, blocks=blocks_of(words_of(found.body)))


def blocks_of(text: str) -> list[Block]:
    """Paragraphs, "## headings" and "- lists" of a plain text."""
    blocks: list[Block] = []
    fresh = True
    for line in (line.strip() for line in text.splitlines()):
        kind = "heading" if line.startswith("## ") else "list" if line.startswith("- ") else "paragraph"
        if line:
            if fresh or kind == "heading" or blocks[-1].kind != kind:
                blocks.append(Block(kind, []))
            blocks[-1].lines.append(line.removeprefix("## ").removeprefix("- "))
        fresh = not line and not (blocks and blocks[-1].kind == "list")
    return blocks


@blueprint.get("/stadt.css")
def colours() -> Response:
    """The city's colour as a stylesheet of its own, because nothing on our pages is inline."""
    response = Response(f":root {{ --city-accent: {the_catalogue().city.accent}; }}\n", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
