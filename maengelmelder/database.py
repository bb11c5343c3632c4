"""The one session factory, shared by web, worker and command line."""

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from maengelmelder.store.cells import watch_cells
from maengelmelder.store.migrating import MIGRATIONS
from maengelmelder.store.models import Base

db = SQLAlchemy(metadata=Base.metadata)
watch_cells(db.session)
migrate = Migrate(directory=str(MIGRATIONS))
