"""Reporting: the form, and taking in what it sends."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy.exc import IntegrityError

from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.duplicates import Sighting
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.reports import decide_report, find_category, printable
from maengelmelder.house import house
from maengelmelder.services.reporting.join import check_joining, join
from maengelmelder.services.reporting.keep_upload import find_uploads, forget_uploads, keep_uploads
from maengelmelder.services.reporting.locate import locate
from maengelmelder.services.reporting.submit import Incoming, Receipt, SubmissionTaken, find_earlier, submit
from maengelmelder.store.engine import reading
from maengelmelder.store.models import Upload
from maengelmelder.web import limits
from maengelmelder.web.errors import wants_json
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.duplicates import Hint, hints_for
from maengelmelder.web.public.earlier_tries import look_for_earlier
from maengelmelder.web.public.photo_pieces import erase
from maengelmelder.web.public.report_answers import accepted, refused, submission_taken
from maengelmelder.web.public.report_fields import Sent, looks_like_a_robot, read_report
from maengelmelder.web.public.report_form import empty_form, render_form, returned_form
from maengelmelder.web.public.report_photos import TakenPhotos, take_photos
from maengelmelder.web.public.suggestions import suggested_for
from maengelmelder.web.transactions import commits

blueprint = Blueprint("report", __name__)


@blueprint.get("/melden")
@blueprint.get("/melden/<category>")
def show(category: str = "") -> str:
    """The form; under a category's own address (deep link) the category is settled."""
    catalogue = the_catalogue()
    found = find_category(catalogue, category or request.args.get("category", ""))
    if category and found is None:
        abort(404)
    return render_form(empty_form(catalogue, found, is_fixed=bool(category)))


@blueprint.post("/melden")
@commits
def send() -> Any:
    """Take a report in: check, store the photos durably, and only then write, all or nothing."""
    demand_own_origin()
    sent = read_report()
    try:
        earlier = look_for_earlier(sent)
        if earlier is not None:
            return accepted(sent, earlier, repeated=True)
        if limits.is_full(limits.REPORTS, "report"):
            abort(429)
        if sent.joins is not None:
            limits.demand(limits.JOINS, "join")
        return _take_in(sent, take_photos(sent.files))
    except SubmissionTaken:
        db.session.rollback()
        return submission_taken()


def _take_in(sent: Sent, photos: TakenPhotos) -> Any:
    """Photos of a report that failed half-way stay: a commit may have succeeded although its answer was lost.

    What no row speaks of is erased by the worker a day later.
    """
    faults = _find_faults(sent, photos)
    wants_next_step = request.form.get("step") and not wants_json()
    if wants_next_step and not any(fault.field == "category" for fault in faults):
        return _return_form(sent, photos, photos.faults)
    if faults:
        return _return_form(sent, photos, faults)
    try:
        receipt = _write(sent, photos)
    except SubmissionTaken:
        photos.erase()
        raise
    except Refusal as refusal:
        db.session.rollback()
        return _return_form(sent, photos, [refusal])
    if receipt.repeated:
        photos.erase()
    else:
        limits.hit(limits.REPORTS, "report")
        limits.hit(limits.REPORTS_AT_ONCE_PUBLIC, "report-at-once")
    return accepted(sent, receipt.report, repeated=receipt.repeated)


def _find_faults(sent: Sent, photos: TakenPhotos) -> list[Refusal]:
    """Every fault at once: of the reading, of the photos, of the report as a whole."""
    faults = [*sent.faults, *photos.faults]
    with reading():
        known = {upload.key for upload in find_uploads(db.session(), sent.submission, sent.secret_hash)}
        decided = _decide(sent)
        db.session.rollback()
    if not known.issuperset(sent.uploads):
        faults.append(Refusal("upload_unknown", "photos"))
    return faults + decided


def _decide(sent: Sent) -> list[Refusal]:
    """What is wrong with the report as a whole; who joins a ticket leaves place, category and questions to it."""
    catalogue = the_catalogue()
    try:
        if sent.joins is None:
            decide_report(catalogue, locate(db.session(), sent.draft))
        else:
            check_joining(db.session(), catalogue, sent.joins, sent.draft, house().now())
    except Refusal as refusal:
        return [refusal]
    except Refusals as refusals:
        return _without_echo(refusals.refusals, sent.faults)
    return []


def _without_echo(refusals: list[Refusal], said: list[Refusal]) -> list[Refusal]:
    """A place that could not be read is not also missing."""
    unread = any(fault.field in {"lat", "lon"} for fault in said)
    return [refusal for refusal in refusals if not (unread and refusal.code == "place_missing")]


def _write(sent: Sent, photos: TakenPhotos) -> Receipt:
    try:
        receipt, needless = _submit(sent, photos)
        db.session.commit()
    except IntegrityError:  # on PostgreSQL a second try at the same moment finds out only here
        db.session.rollback()
        earlier = find_earlier(db.session(), sent.submission, sent.given_hash)
        if earlier is None:
            raise
        return Receipt(earlier, repeated=True)
    erase(needless)
    return receipt


def _submit(sent: Sent, photos: TakenPhotos) -> tuple[Receipt, list[str]]:
    """The receipt, and names in the store that nobody needs any more: photos that the sender left out in the end.

    Raises Refusal when a photo is not kept any more: no report goes without a photo that its sender believes in it.
    """
    kept = {upload.key for upload in find_uploads(db.session(), sent.submission, sent.secret_hash)}
    wanted = [key for key in sent.uploads if key in kept]  # in the order of the sender
    incoming, now = _incoming(sent, [*wanted, *photos.keys()]), house().now()
    if sent.joins is None:
        receipt = submit(db.session(), the_catalogue(), incoming, now)
    else:
        receipt = join(db.session(), the_catalogue(), incoming, sent.joins, now)
    if receipt.repeated:
        return receipt, []
    if len(wanted) < len(sent.uploads):
        raise Refusal("upload_unknown", "photos")
    return receipt, forget_uploads(db.session(), sent.submission, sent.secret_hash, taken=wanted)


def _incoming(sent: Sent, photos: list[str]) -> Incoming:
    too_many = limits.is_full(limits.REPORTS_AT_ONCE_PUBLIC, "report-at-once")
    return Incoming(
        draft=sent.draft,
        submission=sent.submission,
        secret_hash=sent.secret_hash,
        photos=photos,
        email=sent.email,
        language=sent.language,
        publish=house().settings.publish,
        secret_is_minted=sent.given_hash is None,
        held=too_many or looks_like_a_robot(house().now()),
        suggested=suggested_for(sent.draft.description),
    )


def _return_form(sent: Sent, photos: TakenPhotos, faults: list[Refusal]) -> Any:
    """The form again with everything in it; good photos wait a day in the store. Machines send theirs again."""
    if wants_json():
        photos.erase()
        return refused(faults, None)
    if photos.stored:
        keep_uploads(db.session(), photos.stored, sent.submission, sent.secret_hash, house().now())
        db.session.commit()
    with reading():
        catalogue, uploads = the_catalogue(), find_uploads(db.session(), sent.submission, sent.secret_hash)
        form = returned_form(catalogue, sent, uploads, _checked(catalogue, sent, photos, uploads), photos.place, faults)
        page = render_form(replace(form, nearby=_nearby(catalogue, sent), joins=request.form.get("joins", "")))
        db.session.rollback()
    return refused(faults, page)


def _nearby(catalogue: Catalogue, sent: Sent) -> list[Hint]:
    """What may be the same matter, for those whose form comes back."""
    category = find_category(catalogue, printable(sent.draft.category))
    draft = locate(db.session(), sent.draft)
    if category is None or draft.place is None:
        return []
    return hints_for(catalogue, Sighting(category, draft.place, draft.accuracy_m, draft.description))


def _checked(catalogue: Catalogue, sent: Sent, photos: TakenPhotos, uploads: list[Upload]) -> set[str]:
    """Kept photos that stay chosen: none where the category takes none, so that sending again succeeds."""
    category = find_category(catalogue, printable(sent.draft.category))
    if category is not None and category.photo.max == 0:
        return set()
    stored = photos.keys()
    return {upload.key for upload in uploads if upload.key in sent.uploads or upload.key in stored}
