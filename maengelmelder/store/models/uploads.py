"""Photos whose report has not been accepted yet."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maengelmelder.store.models.base import Base


class Upload(Base):
    """A photo that is kept for a form not yet accepted: 24 hours at most, for the submission that brought it.

    position: which of the form's photos it is, from 0, where it came by `/melden/foto`; NULL where it came with the
    form itself. size: bytes of the original.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("uq_uploads_position", "submission", "secret_hash", "position", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    submission: Mapped[str] = mapped_column(String(36), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    position: Mapped[int | None]
    size: Mapped[int] = mapped_column(default=0, server_default="0")


class UploadPart(Base):
    """A piece of a photo on its way: `length` bytes from `start` on, of `size` in all; the bytes lie under `key`.

    The pieces of a photo have no gaps. begun_at: when its first piece came, the same in all of them.
    """

    __tablename__ = "upload_parts"
    __table_args__ = (UniqueConstraint("submission", "secret_hash", "position", "start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    submission: Mapped[str] = mapped_column(String(36))
    secret_hash: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    size: Mapped[int]
    start: Mapped[int]
    length: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(index=True)
