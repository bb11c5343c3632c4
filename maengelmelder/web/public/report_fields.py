"""Reading what the report form, or a machine in its place, has sent; every fault is noted, none stops the reading."""

import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Place, place_of
from maengelmelder.domain.reports import EMERGENCY_ANSWERS, Draft
from maengelmelder.house import house
from maengelmelder.store.queries.public import LONGEST_NUMBER
from maengelmelder.web.errors import wants_json
from maengelmelder.web.languages import choose_language, find_language

TRAP = "website"  # a field that no human sees; who fills it is a robot
QUICKEST_SECONDS = 2.0  # nobody reads and fills the form faster (ASVS 5.0, 2.4.2)
MAX_EMAIL = 254
LONGEST_COORDINATE = 40

SUBMISSION = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
SECRET_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Sent:
    """What came in. faults: what was wrong with the reading itself.

    secret: None where only the client knows it. given_hash: None where the client sent no secret and got one minted.
    joins: number of the ticket that this joins instead of opening a new one.
    """

    submission: str
    secret: str | None
    secret_hash: str
    given_hash: str | None
    draft: Draft
    email: str
    language: str
    files: Sequence[FileStorage]
    uploads: Sequence[str]
    joins: int | None = None
    faults: list[Refusal] = field(default_factory=list)


def new_submission() -> str:
    """A fresh id for a form."""
    return str(uuid.uuid4())


def new_secret() -> str:
    """A fresh secret for a status link: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """As much of a secret as the database may know."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_report() -> Sent:
    """The report in this request."""
    faults: list[Refusal] = []
    secret, secret_hash = _read_secret(faults)
    files = [file for file in request.files.getlist("photos") if file.filename]
    uploads = tuple(dict.fromkeys(request.form.getlist("uploads")))
    joins = _read_joins(faults)
    place_faults = faults if joins is None else []  # who joins a ticket leaves the place to it
    draft = Draft(
        category=_text("category"),
        place=_read_place(place_faults),
        accuracy_m=_read_accuracy(place_faults),
        address=_text("address"),
        description=request.form.get("description", "").replace("\r\n", "\n"),
        answers=_read_answers(),
        emergency=_read_emergency(),
        name=_text("name"),
        photos=len(files) + len(uploads),
    )
    return Sent(
        submission=_read_submission(faults),
        secret=secret,
        secret_hash=secret_hash,
        given_hash=secret_hash if _text("secret") or _text("secret_hash") else None,
        draft=draft,
        email=read_email(faults),
        language=_read_language(faults),
        files=files,
        uploads=uploads,
        joins=joins,
        faults=faults,
    )


def start_mark(now: datetime) -> str:
    """When the form was given out, signed."""
    return _start_signer().dumps(now.timestamp())


def looks_like_a_robot(now: datetime) -> bool:
    """Whether the trap was filled or nobody can have been that quick: then a clerk looks first, nothing is refused."""
    if request.form.get(TRAP):
        return True
    mark = request.form.get("started")
    if not mark or not house().settings.rate_limits:
        return False
    try:
        return bool(now.timestamp() - float(_start_signer().loads(mark)) < QUICKEST_SECONDS)
    except (BadData, TypeError, ValueError):
        return True


def _start_signer() -> URLSafeSerializer:
    return URLSafeSerializer(house().settings.secret_key, salt="form-start")


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _read_submission(faults: list[Refusal]) -> str:
    submission = _text("submission")
    if SUBMISSION.fullmatch(submission):
        return submission.lower()
    faults.append(Refusal("submission_invalid", "submission"))
    return new_submission()


def _read_secret(faults: list[Refusal]) -> tuple[str | None, str]:
    secret, secret_hash = _text("secret"), _text("secret_hash").lower()
    if secret:
        if SECRET.fullmatch(secret):
            return secret, hash_of(secret)
        faults.append(Refusal("secret_invalid", "secret"))
    elif secret_hash and wants_json():
        if SECRET_HASH.fullmatch(secret_hash):
            return None, secret_hash
        faults.append(Refusal("secret_invalid", "secret_hash"))
    fresh = new_secret()
    return fresh, hash_of(fresh)


def _read_place(faults: list[Refusal]) -> Place | None:
    lat, lon = _text("lat"), _text("lon")
    if not lat and not lon and request.form.get("photo_place"):
        lat, _, lon = _text("photo_hint").partition(",")
    if not lat and not lon:
        return None
    if not lat or not lon:
        faults.append(Refusal("place_incomplete", "lon" if lat else "lat"))
        return None
    try:
        return place_of(lon[:LONGEST_COORDINATE], lat[:LONGEST_COORDINATE])
    except Refusal as refusal:
        faults.append(refusal)
        return None


def _read_accuracy(faults: list[Refusal]) -> float | None:
    text = _text("accuracy")
    try:
        return float(text[:LONGEST_COORDINATE].replace(",", ".")) if text else None
    except ValueError:
        faults.append(Refusal("accuracy_not_a_number", "accuracy"))
        return None


def _read_joins(faults: list[Refusal]) -> int | None:
    text = _text("joins")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    faults.append(Refusal("joins_unknown", "joins"))
    return None


def _read_emergency() -> str:
    """The answer to the emergency step; what the form does not offer is none, and is asked for again if needed."""
    answer = _text("emergency")
    return answer if answer in EMERGENCY_ANSWERS else ""


def _read_answers() -> dict[str, list[str]]:
    names = [name for name in request.form if name and name.startswith("answer-")]  # a part may lack its name
    answers = {name.removeprefix("answer-"): request.form.getlist(name) for name in names}
    return {key: given for key, values in answers.items() if (given := [value for value in values if value.strip()])}


def read_email(faults: list[Refusal]) -> str:
    """The address as it is written everywhere, or nothing; `email_invalid` when it can be none."""
    email = _text("email")
    if not email:
        return ""
    try:
        found = validate_email(email[: MAX_EMAIL + 1], check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        found = ""
    if not found or len(found) > MAX_EMAIL or len(email) > MAX_EMAIL:
        faults.append(Refusal("email_invalid", "email"))
        return ""
    return found


def _read_language(faults: list[Refusal]) -> str:
    wish = _text("language")
    language = find_language(wish)
    if wish and language is None:
        faults.append(Refusal("language_unknown", "language"))
    return language or choose_language()
