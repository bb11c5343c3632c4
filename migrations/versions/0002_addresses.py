"""addresses

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("attribution", sa.String(length=200), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_address_sources_name")),
    )
    op.create_geospatial_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("housenumber", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("locality", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("number_key", sa.String(length=20), nullable=False),
        sa.Column(
            "position",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["source_id"], ["address_sources.id"], name=op.f("fk_addresses_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
    )
    op.create_geospatial_index(
        "idx_addresses_position", "addresses", ["position"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_addresses_key_number_key", "addresses", ["key", "number_key"], unique=False)
    op.create_index(op.f("ix_addresses_source_id"), "addresses", ["source_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_addresses_source_id"), table_name="addresses")
    op.drop_index("ix_addresses_key_number_key", table_name="addresses")
    op.drop_geospatial_index(
        "idx_addresses_position", table_name="addresses", postgresql_using="gist", column_name="position"
    )
    op.drop_geospatial_table("addresses")
    op.drop_table("address_sources")
