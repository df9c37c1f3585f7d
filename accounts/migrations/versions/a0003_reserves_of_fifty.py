"""No reserve keeps more than 50 agents: a larger one becomes that large."""

import sqlalchemy as sa
from alembic import op

revision = "a0003"
down_revision = "a0002"
branch_labels = None
depends_on = None

_MOST = 50


def upgrade() -> None:
    keep = sa.column("keep", sa.Integer)
    reserves = sa.table("accounts_reserve", keep)
    op.execute(reserves.update().where(keep > _MOST).values(keep=_MOST))
