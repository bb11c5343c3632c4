"""Settings: sensible without any, exact where given, and every wrong one ends the start with one sentence."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from maengelmelder.settings import ROOT, SettingError, Settings, read_settings


def settings(tmp_path: Path, **values: str) -> Settings:
    given = {f"MAENGELMELDER_{name}": value for name, value in values.items()}
    return read_settings({"MAENGELMELDER_DATA": str(tmp_path / "data"), **given})


def test_without_any_setting_a_trial_runs_on_one_machine(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert found.embedded
    assert found.database_url == f"sqlite:///{tmp_path}/data/maengelmelder.sqlite"
    assert found.photos == tmp_path / "data" / "photos"
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.city == ROOT / "cities" / "landshut"
    assert (found.publish, found.second_factor, found.rate_limits, found.trusted_proxies) == (
        "review",
        "required",
        True,
        0,
    )


def test_the_secret_key_is_made_once_kept_and_readable_by_nobody_else(tmp_path: Path) -> None:
    first = settings(tmp_path).secret_key
    assert len(first) >= 32
    assert settings(tmp_path).secret_key == first
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert settings(tmp_path / "other").secret_key != first


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_address_is_understood(tmp_path: Path, scheme: str) -> None:
    found = settings(tmp_path, DATABASE_URL=f"{scheme}://user:pw@host/melder")
    assert found.database_url == "postgresql+psycopg://user:pw@host/melder"
    assert not found.embedded


def test_a_secret_may_stand_in_a_file_which_wins(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text("postgresql://host/melder\n", encoding="utf-8")
    found = settings(tmp_path, DATABASE_URL_FILE=str(path), DATABASE_URL="sqlite:////tmp/x")
    assert found.database_url == "postgresql+psycopg://host/melder"
    port = tmp_path / "port"
    port.write_text(" 8123 \n", encoding="utf-8")
    assert settings(tmp_path, PORT_FILE=str(port)).port == 8123


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingError, match="MAENGELMELDER_SECRET_KEY_FILE: cannot read"):
        settings(tmp_path, SECRET_KEY_FILE=str(path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "melder.sqlite"),
        ("PHOTOS", "s3://bucket"),
        ("PHOTOS", "photos"),
        ("MAIL", "mail.example"),
        ("MAIL", "http://mail.example"),
        ("MAIL", "smtp://"),
        ("MAIL", "smtp://mail.example:99999"),
        ("MAIL_FROM", "Stadt"),
        ("MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("SECRET_KEY", "short"),
        ("BASE_URL", "melder.example"),
        ("BASE_URL", "ftp://melder.example"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "http://[::1"),
        ("CITY", "/there/is/no/such/city"),
        ("PUBLISH", "later"),
        ("TILES", "https://tiles.example/{z}/{x}.png"),
        ("TILES", "https://{s}.tiles.example/{z}/{x}/{y}.png"),
        ("RATE_LIMITS", "true"),
        ("TRUSTED_PROXIES", "all"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("SECOND_FACTOR", "none"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "٨٠٠٠"),
        ("PORT", "1e3"),
        ("PORT", "8" * 5000),
        ("PORT", ""),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence_that_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError) as error:
        settings(tmp_path, **{name: value})
    assert str(error.value).startswith(f"MAENGELMELDER_{name} ")
    assert "\n" not in str(error.value)


def test_no_wrong_value_puts_a_password_on_the_screen(tmp_path: Path) -> None:
    for name, value in (
        ("DATABASE_URL", "mysql://user:geheim@host/db"),
        ("SECRET_KEY", "geheim"),
        ("MAIL", "imap://u:geheim@host"),
    ):
        with pytest.raises(SettingError) as error:
            settings(tmp_path, **{name: value})
        assert "geheim" not in str(error.value)


def test_an_empty_tile_address_means_a_map_without_ground(tmp_path: Path) -> None:
    assert settings(tmp_path, TILES="").tiles == ""


def test_the_command_ends_with_that_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from maengelmelder.cli import main; main()", "routes"],
        env={"MAENGELMELDER_DATA": str(tmp_path), "MAENGELMELDER_PORT": "seventeen", "PATH": "/usr/bin"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert (
        done.stderr == "maengelmelder: MAENGELMELDER_PORT is 'seventeen'; it must be a whole number from 0 to 65535.\n"
    )
