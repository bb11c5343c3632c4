"""Letting a person of the staff in."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.store.models import ROLES, Department, Role, User


def add_user(
    session: Session,
    email: str,
    password_hash: str,
    *,
    roles: Sequence[str],
    departments: Sequence[str],
    now: datetime,
    name: str = "",
) -> User:
    """A new account; the password comes hashed (argon2id).

    Raises Refusal `role_unknown`, `department_unknown`, `user_exists`.
    """
    email = email.strip().lower()
    if unknown := set(roles) - set(ROLES):
        raise Refusal("role_unknown", "role", role=min(unknown))
    if session.scalars(select(User).where(User.email == email)).first():
        raise Refusal("user_exists", "email", email=email)
    found = session.scalars(select(Department).where(Department.key.in_(departments))).all()
    if missing := set(departments) - {department.key for department in found}:
        raise Refusal("department_unknown", "department", department=min(missing))
    user = User(
        email=email,
        name=name,
        password=password_hash,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
        roles=[_role(session, role) for role in roles],
        departments=list(found),
    )
    session.add(user)
    session.flush()
    return user


def _role(session: Session, name: str) -> Role:
    role = session.scalars(select(Role).where(Role.name == name)).first()
    if role is None:
        role = Role(name=name)
        session.add(role)
    return role
