"""photos on their way

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("submission", sa.String(length=36), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_parts")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_parts_key")),
        sa.UniqueConstraint(
            "submission",
            "secret_hash",
            "position",
            "start",
            name=op.f("uq_upload_parts_submission_secret_hash_position_start"),
        ),
    )
    op.create_index(op.f("ix_upload_parts_begun_at"), "upload_parts", ["begun_at"], unique=False)
    op.add_column("uploads", sa.Column("position", sa.Integer(), nullable=True))
    op.add_column("uploads", sa.Column("size", sa.Integer(), server_default="0", nullable=False))
    op.create_index("uq_uploads_position", "uploads", ["submission", "secret_hash", "position"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_uploads_position", table_name="uploads")
    op.drop_column("uploads", "size")
    op.drop_column("uploads", "position")
    op.drop_index(op.f("ix_upload_parts_begun_at"), table_name="upload_parts")
    op.drop_table("upload_parts")
