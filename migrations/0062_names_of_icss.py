"""Keep what an ICS was called, and when: it may be called otherwise from a day on

Revision 0062, after 0061.
Written: 2026-11-29 17:25:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ics_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ics_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["ics_id"], ["ics.id"], name=op.f("fk_ics_name_ics_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ics_name")),
        sa.UniqueConstraint("ics_id", "name", name=op.f("uq_ics_name_ics_id_name")),
    )
