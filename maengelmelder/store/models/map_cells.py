"""How many tickets the squares of the map hold."""

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, Table

from maengelmelder.store.models.base import Base

# category_id 0 counts all categories. sum_x and sum_y are whole numbers of the finest grid, so that they never drift.
map_cells = Table(
    "map_cells",
    Base.metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("category_id", Integer, primary_key=True, autoincrement=False),
    Column("status_group", SmallInteger, primary_key=True, autoincrement=False),
    Column("code", BigInteger, primary_key=True, autoincrement=False),
    Column("tickets", Integer, nullable=False),
    Column("sum_x", BigInteger, nullable=False),
    Column("sum_y", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
