"""A test client that reads every page as strictly as a validator and looks at its headers."""

from contextvars import Context
from typing import Any

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from maengelmelder.database import db
from maengelmelder.web.headers import HEADERS


class StrictClient(FlaskClient):
    """Fails the test on malformed HTML, inline code, missing security headers, or a forgotten language."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request, in a context of its own as on a server; every HTML answer is parsed.

        Flask would else share the test's application context: its database session, and who is logged in.
        """
        let_go()
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        for name in HEADERS:
            assert name in response.headers, f"{name} is missing from {response.request.path}"
        shown = response.request.method not in ("HEAD", "OPTIONS") and response.status_code not in range(300, 400)
        if shown and response.mimetype == "text/html":
            check_html(response.get_data(as_text=True), response.request.path)
        return response


def let_go() -> None:
    """End the transaction of the test itself: on SQLite a writer would have to wait for it."""
    if has_app_context():
        db.session.rollback()


def check_html(page: str, path: str) -> None:
    """Parse strictly (the HTML standard's parse errors are errors here) and refuse inline code."""
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    except html5lib.html5parser.ParseError as error:
        raise AssertionError(f"{path}: {error}\n{page[:500]}") from error
    assert tree.get("lang"), f"{path} does not say its language"
    spare = {element for template in tree.iter("template") for element in template.iter()}  # on no page until copied
    ids = [element.get("id") for element in tree.iter() if element.get("id") and element not in spare]
    assert len(ids) == len(set(ids)), f"{path} uses an id twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    headings = [heading for heading in tree.findall(".//h1") if heading not in spare]
    assert len(headings) == 1, f"{path} needs exactly one h1"
    for element in tree.iter():
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"{path} has inline code: <{element.tag} {inline}>"
        if element.tag == "script":
            assert element.get("src") or element.get("type") in ("application/json", "application/ld+json")
        if element.tag in ("input", "select", "textarea") and element.get("type") not in ("hidden", "submit"):
            assert _is_labelled(tree, element), f"{path}: <{element.tag} name={element.get('name')}> has no label"
        if element.tag == "img":
            assert element.get("alt") is not None, f"{path} shows a picture without alt text"


def _is_labelled(tree: Any, element: Any) -> bool:
    if element.get("aria-label") or element.get("aria-labelledby"):
        return True
    own = element.get("id")
    labels = tree.iter("label")
    return any((own and label.get("for") == own) or element in list(label.iter()) for label in labels)
