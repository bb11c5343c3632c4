"""„Betrifft mich auch“ on a ticket's page: one more person stands by it, without a report of their own."""

from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import IntegrityError

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.reports import Draft, printable
from maengelmelder.house import house
from maengelmelder.services.reporting.join import join
from maengelmelder.services.reporting.submit import Incoming, Receipt, SubmissionTaken, find_earlier
from maengelmelder.store.engine import reading
from maengelmelder.web import limits
from maengelmelder.web.errors import wants_json
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.earlier_tries import look_for_earlier
from maengelmelder.web.public.report_answers import accepted, refused, sentences_of, submission_taken
from maengelmelder.web.public.report_fields import MAX_EMAIL, TRAP, Sent, read_report
from maengelmelder.web.public.tickets import NUMBER, JoinForm, show_ticket
from maengelmelder.web.transactions import commits

blueprint = Blueprint("joining", __name__)

OWN_FIELDS = frozenset({"submission", "secret", "secret_hash", "email", "language"})


@blueprint.post(f"/vorgang/<{NUMBER}:number>/betrifft")
@commits
def take_in(number: int) -> Any:
    """One more person, without words; the same submission counts once."""
    demand_own_origin()
    if request.form.get(TRAP):
        abort(400)  # a robot: what it would count cannot wait for a clerk's look
    sent = read_report()
    try:
        earlier = look_for_earlier(sent)
        if earlier is not None:
            return accepted(sent, earlier, repeated=True)
        limits.demand(limits.JOINS, "join")
        return _join(number, sent)
    except SubmissionTaken:
        db.session.rollback()
        return submission_taken()


def _join(number: int, sent: Sent) -> Any:
    faults = [fault for fault in sent.faults if fault.field in OWN_FIELDS]
    try:
        if not faults:
            receipt = _write(number, sent)
            return accepted(sent, receipt.report, repeated=receipt.repeated)
    except Refusal as refusal:
        if refusal.code == "joins_unknown":
            abort(404)
        faults = [refusal]
    db.session.rollback()
    if wants_json():
        return refused(faults, None)
    with reading():
        email = printable(request.form.get("email", ""))[: MAX_EMAIL + 1]
        form = JoinForm(sent.submission, sent.secret or "", email, sentences_of(faults))
        page = show_ticket(number, form)
        db.session.rollback()
    return Response(page, 422, mimetype="text/html")


def _write(number: int, sent: Sent) -> Receipt:
    incoming = Incoming(
        draft=Draft(),
        submission=sent.submission,
        secret_hash=sent.secret_hash,
        email=sent.email,
        language=sent.language,
        secret_is_minted=sent.given_hash is None,
    )
    try:
        receipt = join(db.session(), the_catalogue(), incoming, number, house().now())
        db.session.commit()
    except IntegrityError:  # on PostgreSQL a second try at the same moment finds out only here
        db.session.rollback()
        earlier = find_earlier(db.session(), sent.submission, sent.given_hash)
        if earlier is None:
            raise
        return Receipt(earlier, repeated=True)
    return receipt
