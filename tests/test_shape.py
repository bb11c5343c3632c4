"""Small tests that guard the shape of the whole house."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from maengelmelder.cli.import_reasons import REASONS
from maengelmelder.domain.tickets import DECLINE_REASONS, MOVES, Status
from maengelmelder.web import labels
from maengelmelder.web.sentences import SENTENCES

ROOT = Path(__file__).parents[1]
CODE = sorted((ROOT / "maengelmelder").rglob("*.py"))
MOST_LINES = 250

PUBLIC_POSTS = {
    "/melden": "refuses foreign origins",
    "/melden/foto": "refuses foreign origins",
}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    code = (ROOT / "maengelmelder" / "settings.py").read_text(encoding="utf-8")
    used = {f"MAENGELMELDER_{name}" for name in re.findall(r'values\.(?:get|choice|number)\(\s*"([A-Z_0-9]+)"', code)}
    documented = set(
        re.findall(
            r"^\| `(MAENGELMELDER_[A-Z_0-9]+)`",
            (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert used == documented


def test_every_refusal_has_a_sentence() -> None:
    for path in CODE:
        codes = set(re.findall(r'Refusal\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
        unspoken = {code for code in codes if code not in {*SENTENCES, *REASONS} and not _for_administrators(path)}
        assert not unspoken, f"{path.name}: {unspoken}"


def _for_administrators(path: Path) -> bool:
    """Codes that only the command line shows, in its own words."""
    return path.name == "add_user.py" or path.parent.name == "city_directory"


def test_every_status_and_reason_has_its_word() -> None:
    assert set(labels.STATUS) == set(Status) == set(MOVES)
    assert set(labels.REASON) == set(DECLINE_REASONS)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_grows_beyond_what_one_can_keep_in_mind(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_german_words_stand_only_where_they_are_translated() -> None:
    """Services, store and domain speak in codes."""
    for ring in ("domain", "services", "store"):
        for path in sorted((ROOT / "maengelmelder" / ring).rglob("*.py")):
            found = re.findall(r'"[^"\n]*[äöüßÄÖÜ][^"\n]*"', _without_docstrings(path.read_text(encoding="utf-8")))
            assert not found, f"{path.relative_to(ROOT)}: {found}"


def _without_docstrings(code: str) -> str:
    return re.sub(r'""".*?"""', "", code, flags=re.DOTALL)


def test_nothing_names_a_host_that_pages_would_call() -> None:
    """No third party learns who looks at which page."""
    for path in _pages():
        hosts = re.findall(r'(?:src|href|action)="(?:https?:)?//([^/"]+)', path.read_text(encoding="utf-8"))
        loaded = [host for host in hosts if "<link" in path.read_text(encoding="utf-8") and host not in LINKED_HOSTS]
        assert not loaded, f"{path.name}: {loaded}"


LINKED_HOSTS = {"sgx.geodatenzentrum.de", "www.bkg.bund.de", "leafletjs.com"}


def _pages() -> Iterator[Path]:
    yield from (ROOT / "templates").rglob("*.html")


def test_every_changing_address_is_guarded(app: Flask) -> None:
    """A POST is either a citizen's form (own origin) or staff's (session and CSRF token)."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            response = app.test_client().post(
                re.sub(r"<[^>]*>", "1", rule.rule),
                headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
            )
            to_log_in = "/verwaltung/anmelden" in response.headers.get("Location", "")
            assert to_log_in or response.status_code in (400, 403, 404), f"{rule.rule} answered {response.status_code}"
