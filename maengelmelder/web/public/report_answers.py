"""What the sender of a report hears: people get a page, machines JSON."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, redirect, render_template, url_for

from maengelmelder.domain.errors import Refusal
from maengelmelder.house import house
from maengelmelder.store.models import Report
from maengelmelder.web.errors import json_error, wants_json
from maengelmelder.web.public.report_fields import Sent
from maengelmelder.web.sentences import HTTP_TITLES, SENTENCES, sentence


def accepted(sent: Sent, report: Report, *, repeated: bool) -> Any:
    """On to the status page; 201 for a machine's new report, 200 for one that was there already."""
    is_known = sent.secret and not (repeated and sent.given_hash is None)  # a secret minted just now opens nothing
    address = url_for("own.show", secret=sent.secret) if is_known else None
    if not wants_json():
        return redirect(address or url_for("own.listing"), 303)
    status_url = house().settings.base_url + address if address else None
    response = jsonify(number=report.ticket_id, status_url=status_url, submission=report.submission)
    response.status_code = 200 if repeated else 201
    return response


def refused(faults: Sequence[Refusal], page: str | None) -> Response:
    """What is wrong, field by field; without faults it is only the form's next step."""
    if page is None:
        sentences = sentences_of(faults)
        first = faults[0]
        return json_error(422, first.code, sentences[first.field or ""], sentences)
    return Response(page, 422 if faults else 200, mimetype="text/html")


def sentences_of(faults: Sequence[Refusal]) -> dict[str, str]:
    """One sentence a field; a second fault of a field is added to the first."""
    sentences: dict[str, str] = {}
    for fault in faults:
        name, words = fault.field or "", sentence(fault)
        if words not in sentences.get(name, ""):
            sentences[name] = f"{sentences[name]} {words}" if name in sentences else words
    return sentences


def submission_taken() -> Response:
    """Somebody else's report bears this id."""
    words = str(SENTENCES["submission_taken"])
    if wants_json():
        return json_error(409, "submission_taken", words, {"submission": words})
    page = render_template("error.html", status=409, title=HTTP_TITLES[409], sentence=words)
    return Response(page, 409, mimetype="text/html")
