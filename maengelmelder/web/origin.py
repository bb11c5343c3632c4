"""Whether a form came from our own pages. Citizens have no session, so there is no token that could say so."""

from urllib.parse import urlsplit

from flask import abort, request

from maengelmelder.house import house


def demand_own_origin() -> None:
    """Refuse (403) a POST that another site made the browser send.

    A foreign Origin or a cross-site fetch is refused; `null` only passes with `Sec-Fetch-Site: same-origin`; a script
    that sends neither header is no browser that could be misused, and passes (Fetch standard, ASVS 5.0 3.5).
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site in ("cross-site", "same-site"):
        abort(403)
    if origin is None:
        return
    if origin == "null":
        if site != "same-origin":
            abort(403)
        return
    if _host_of(origin) not in {request.host, _host_of(house().settings.base_url)}:
        abort(403)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:  # brackets without an address: no browser sends that
        abort(403)
