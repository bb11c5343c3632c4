"""Handing mails over: to a mail server, into a directory, or into a list."""

import smtplib
import ssl
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from maengelmelder.ports import Mailer, MailRefused, MailUnavailable
from maengelmelder.settings import Settings

TIMEOUT_SECONDS = 30
PERMANENT = 500  # RFC 5321, 4.2.1: 5yz replies are final


class FileMailer:
    """Writes each mail as an `.eml` file: the default, so that a trial writes to nobody."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def send(self, message: EmailMessage) -> None:
        """Write the mail; a mail program opens the file."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            unfinished = self.directory / f".{uuid.uuid4().hex}"
            unfinished.write_bytes(message.as_bytes(policy=SMTP))
            unfinished.rename(self.directory / self._name(message))
        except OSError as error:
            raise MailUnavailable(f"cannot write to {self.directory}: {error}") from error

    @staticmethod
    def _name(message: EmailMessage) -> str:
        """The same mail sent twice is one file: its name comes from the Message-ID."""
        mark = "".join(c if c.isalnum() or c in "-_" else "-" for c in message["Message-ID"].strip("<>"))
        return f"{mark}.eml"


class SmtpMailer:
    """Hands mails to the city's relay, with STARTTLS where it is offered."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._demand_tls = parse_qs(parts.query).get("starttls") == ["required"] or bool(self._user)

    def send(self, message: EmailMessage) -> None:
        """One connection, one mail; raises MailUnavailable (try again) or MailRefused (5xx, a human must look)."""
        try:
            with self._connect() as server:
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise _verdict(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(f"{self._host}: {type(error).__name__}: {error}"[:200]) from error

    def _connect(self) -> smtplib.SMTP:
        if self._tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif self._demand_tls:
                server.close()
                raise MailUnavailable(f"{self._host} offers no STARTTLS, and a password is never sent without it")
        if self._user:
            server.login(self._user, self._password)
        return server


def _verdict(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> MailRefused | MailUnavailable:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    else:
        codes = [error.smtp_code]
    kind = MailRefused if min(codes, default=0) >= PERMANENT else MailUnavailable
    return kind(f"the mail server answered {', '.join(map(str, codes))}")


class MemoryMailer:
    """Keeps mails in a list: the twin for tests."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Keep the mail; the same Message-ID counts once, as with a file."""
        self.sent = [kept for kept in self.sent if kept["Message-ID"] != message["Message-ID"]] + [message]


def mailer_for(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(settings.mail) if settings.mail else FileMailer(settings.data / "mail")
