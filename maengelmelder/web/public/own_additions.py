"""What the reporter sends later: more words and photos, and the answer to the city's question."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from maengelmelder.database import db
from maengelmelder.domain.additions import find_end
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.photos import MAX_PHOTOS
from maengelmelder.domain.reports import printable
from maengelmelder.house import house
from maengelmelder.ports import StoreUnavailable
from maengelmelder.services.reporting.add_to_report import Addition, add_to_report
from maengelmelder.services.reporting.answer_question import answer_question
from maengelmelder.services.reporting.keep_upload import find_uploads, forget_uploads, keep_uploads
from maengelmelder.services.reporting.own_past import read_past
from maengelmelder.web import limits
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.own_door import Refused, blueprint, demand_own_report, own_report, private, thank
from maengelmelder.web.public.own_report import show_own
from maengelmelder.web.public.report_answers import sentences_of
from maengelmelder.web.public.report_fields import SUBMISSION, new_submission
from maengelmelder.web.public.report_photos import TakenPhotos, take_photos
from maengelmelder.web.transactions import commits

LONGEST_SHOWN = 20_000  # characters; enough to give back every text that somebody wrote by hand


@dataclass(frozen=True)
class Sent:
    """What a form brought. once: its mark, the same for every try."""

    once: str
    words: str
    files: Sequence[FileStorage] = ()
    uploads: Sequence[str] = ()


@blueprint.get("/meine/<secret>/ergaenzen")
def ask_for_more(secret: str) -> Response:
    """The form for more words and photos, as long as something can be added."""
    if find_end(read_past(db.session(), own_report(secret)), house().now()):
        return private(redirect(url_for("own.show", secret=secret), 303))
    return _show_form(secret, Sent(new_submission(), ""))


@blueprint.post("/meine/<secret>/ergaenzen")
@commits
def add(secret: str) -> Response:
    """Keeps what came; the photos lie on the disk before the database hears of them."""
    demand_own_report(secret)
    if too_often := _count():
        return _show_form(secret, Sent(_once(), _words("words")), too_often, 429)
    files = [file for file in request.files.getlist("photos") if file.filename]
    sent = Sent(_once(), _words("words"), files, tuple(dict.fromkeys(request.form.getlist("uploads"))))
    photos = take_photos(files)
    faults = [*photos.faults]
    if len(files) > MAX_PHOTOS:
        faults.append(Refusal("photos_too_many", "photos", limit=MAX_PHOTOS))
    try:
        _add(secret, sent, photos, faults)
    except Refusals as refusals:
        db.session.rollback()
        return _return_form(secret, sent, photos, refusals.refusals)
    return thank(secret, "addition")


def _add(secret: str, sent: Sent, photos: TakenPhotos, faults: list[Refusal]) -> None:
    """All of it or nothing; raises Refusals."""
    report = own_report(secret)
    kept = [upload.key for upload in find_uploads(db.session(), sent.once, report.secret_hash)]
    if not set(kept).issuperset(sent.uploads):
        faults.append(Refusal("upload_unknown", "photos"))
    if faults:
        raise Refusals(faults)
    keys = [*sent.uploads, *photos.keys()]
    addition = Addition(sent.words, keys, sent.once)
    publish, now = house().settings.publish, house().now()
    is_new = add_to_report(db.session(), the_catalogue(), report, addition, publish=publish, now=now)
    unused = forget_uploads(db.session(), sent.once, report.secret_hash or "", taken=keys)
    db.session.commit()
    with suppress(StoreUnavailable):  # it counts; the worker erases the rest a day later
        for name in unused:
            house().photos.delete(name)
        if not is_new:
            photos.erase()


def _return_form(secret: str, sent: Sent, photos: TakenPhotos, faults: list[Refusal]) -> Response:
    """The form again with everything in it; good photos wait a day in the store."""
    if photos.stored:
        secret_hash = own_report(secret).secret_hash or ""
        keep_uploads(db.session(), photos.stored, sent.once, secret_hash, house().now())
        db.session.commit()
    chosen = Sent(sent.once, sent.words, (), [*sent.uploads, *photos.keys()])
    return _show_form(secret, chosen, sentences_of(faults))


def _show_form(secret: str, sent: Sent, errors: dict[str, str] | None = None, status: int | None = None) -> Response:
    report = own_report(secret)
    category = the_catalogue().categories[report.ticket.category.key]
    page = render_template(
        "public/own_add.html",
        ticket=report.ticket,
        secret=secret,
        once=sent.once,
        words=printable(sent.words)[:LONGEST_SHOWN],
        chosen=sent.uploads,
        uploads=find_uploads(db.session(), sent.once, report.secret_hash),
        most_photos=category.photo.max,
        errors=errors or {},
    )
    db.session.rollback()
    return private(page, status or (422 if errors else 200))


@blueprint.post("/meine/<secret>/antworten")
@commits
def answer(secret: str) -> Response:
    """Keeps the answer to the city's question."""
    demand_own_origin()
    report = own_report(secret)
    once, words, publish = _once(), _words("answer"), house().settings.publish
    if too_often := _count():
        return _show_again(secret, once, words, too_often, 429)
    try:
        answer_question(db.session(), the_catalogue(), report, words, once=once, publish=publish, now=house().now())
    except Refusals as refusals:
        db.session.rollback()
        if any(refusal.code == "not_asked" for refusal in refusals.refusals):
            return _show_form(secret, Sent(once, words), sentences_of(refusals.refusals), 409)
        return _show_again(secret, once, words, sentences_of(refusals.refusals), 422)
    return thank(secret, "answer")


def _show_again(secret: str, once: str, words: str, errors: dict[str, str], status: int) -> Response:
    refused = Refused(once, printable(words)[:LONGEST_SHOWN], errors)
    return show_own(own_report(secret), secret, refused=refused, status=status)


def _count() -> dict[str, str]:
    """What to say when too much came from one network; the words are given back with it."""
    is_fine = limits.hit(limits.ADDITIONS, "addition")
    return {} if is_fine else sentences_of([Refusal("too_often")])


def _once() -> str:
    once = request.form.get("once", "").strip()
    return once.lower() if SUBMISSION.fullmatch(once) else new_submission()


def _words(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")
