"""Every way of handing a mail over keeps the same contract; the real one talks to a real SMTP server."""

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from maengelmelder.adapters.mailing import FileMailer, MemoryMailer, SmtpMailer
from maengelmelder.ports import Mailer, MailRefused, MailUnavailable


class Box(Protocol):
    """A mailer whose mails can be read."""

    @property
    def mailer(self) -> Mailer: ...

    def mails(self) -> list[EmailMessage]: ...


class InMemory:
    def __init__(self) -> None:
        self.mailer = MemoryMailer()

    def mails(self) -> list[EmailMessage]:
        return self.mailer.sent


class InFiles:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.mailer = FileMailer(directory)

    def mails(self) -> list[EmailMessage]:
        return [read(path.read_bytes()) for path in sorted(self.directory.glob("*.eml"))]


class Handler:
    """Accepts mails, or answers each phase as the test says."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.answers.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if answer := self.answers.get("DATA"):
            return answer
        self.received.append(read(envelope.content))
        return "250 OK"


class OverSmtp:
    def __init__(self, port: int, handler: Handler) -> None:
        self.handler = handler
        self.mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")

    def mails(self) -> list[EmailMessage]:
        return self.handler.received


def read(data: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=default).parsebytes(data)


@pytest.fixture
def smtp() -> Iterator[OverSmtp]:
    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=(port := free_port()))
    controller.start()
    yield OverSmtp(port, handler)
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(params=["memory", "files", "smtp"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Box:
    if request.param == "smtp":
        found: Box = request.getfixturevalue("smtp")
        return found
    return InMemory() if request.param == "memory" else InFiles(tmp_path / "mail")


def message(number: int = 1) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "maengelmelder@stadt.example"
    mail["To"] = "tiefbauamt@stadt.example"
    mail["Subject"] = "Schlagloch in der Äußeren Münchner Straße"
    mail["Message-ID"] = f"<delivery-{number}@stadt.example>"
    mail.set_content("Grüße vom Mängelmelder\n")
    mail.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="meldung-1-1.jpg")
    return mail


def test_a_mail_arrives_with_umlauts_and_photo(box: Box) -> None:
    box.mailer.send(message())
    [mail] = box.mails()
    assert mail["Subject"] == "Schlagloch in der Äußeren Münchner Straße"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Grüße vom Mängelmelder"
    assert [part.get_content() for part in mail.iter_attachments()] == [b"\xff\xd8\xff"]


def test_two_mails_are_two(box: Box) -> None:
    box.mailer.send(message(1))
    box.mailer.send(message(2))
    assert [mail["Message-ID"] for mail in box.mails()] == ["<delivery-1@stadt.example>", "<delivery-2@stadt.example>"]


def test_a_mail_written_again_is_the_same_file(tmp_path: Path) -> None:
    box = InFiles(tmp_path)
    box.mailer.send(message())
    box.mailer.send(message())
    assert len(box.mails()) == 1


@pytest.mark.parametrize("phase", ["RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "fault"), [("550 no such box", MailRefused), ("451 try later", MailUnavailable)])
def test_a_final_no_differs_from_a_later(smtp: OverSmtp, phase: str, answer: str, fault: type[Exception]) -> None:
    smtp.handler.answers[phase] = answer
    with pytest.raises(fault, match=answer[:3]):
        smtp.mailer.send(message())


def test_a_server_that_is_away_is_worth_another_try() -> None:
    with pytest.raises(MailUnavailable, match=r"127\.0\.0\.1"):
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}").send(message())


def test_a_password_is_never_sent_without_encryption(smtp: OverSmtp) -> None:
    url = f"smtp://me:geheim@127.0.0.1:{smtp.mailer._port}"
    with pytest.raises(MailUnavailable, match="no STARTTLS"):
        SmtpMailer(url).send(message())
    assert smtp.handler.received == []


def test_a_directory_that_cannot_be_written_is_worth_another_try(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(MailUnavailable):
        FileMailer(blocked / "mail").send(message())
