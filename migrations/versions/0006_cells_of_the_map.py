"""cells of the map

Revision: 0006
Follows: 0005

Tickets that are there already are counted when `serve` starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "map_cells",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status_group", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("sum_x", sa.BigInteger(), nullable=False),
        sa.Column("sum_y", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "category_id", "status_group", "code", name=op.f("pk_map_cells")),
        sqlite_with_rowid=False,
    )
    op.add_column("tickets", sa.Column("shown_q", sa.BigInteger(), nullable=True))
    op.add_column("tickets", sa.Column("shown_category_id", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("shown_group", sa.SmallInteger(), nullable=True))
    op.create_index("ix_tickets_shown", "tickets", ["shown_q", "shown_group", "shown_category_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_tickets_shown", table_name="tickets")
    op.drop_column("tickets", "shown_group")
    op.drop_column("tickets", "shown_category_id")
    op.drop_column("tickets", "shown_q")
    op.drop_table("map_cells")
