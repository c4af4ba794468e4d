"""Keep in which quarter a contact counts: late entries were counted nowhere

Revision 0023, after 0022.
Written: 2026-11-28 13:10:00
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = ()
depends_on = None

LONDON = ZoneInfo("Europe/London")


def upgrade() -> None:
    with op.batch_alter_table("interaction_event") as table:
        table.add_column(sa.Column("counts_in", sa.Date(), nullable=True))
        table.add_column(sa.Column("reverses_in", sa.Date(), nullable=True))
    _fill()
    with op.batch_alter_table("interaction_event") as table:
        table.alter_column("counts_in", existing_type=sa.Date(), nullable=False)
        table.create_index(op.f("ix_interaction_event_counts_in"), ["counts_in"])
        table.create_index(op.f("ix_interaction_event_reverses_in"), ["reverses_in"])
    # What was frozen as "companies" counted organisations of every kind: it keeps its number.
    op.execute("UPDATE frozen_figure SET measure = 'organisations' WHERE measure = 'companies'")


def _fill() -> None:
    bind = op.get_bind()
    events = sa.table(
        "interaction_event",
        sa.column("id", sa.Integer),
        sa.column("on", sa.Date),
        sa.column("logged_at", sa.DateTime(timezone=True)),
        sa.column("corrects_id", sa.Integer),
        sa.column("counts_in", sa.Date),
        sa.column("reverses_in", sa.Date),
    )
    freezes = sa.table(
        "figure_freeze",
        sa.column("quarter_on", sa.Date),
        sa.column("frozen_at", sa.DateTime(timezone=True)),
    )
    frozen = {row.quarter_on: _utc(row.frozen_at) for row in bind.execute(sa.select(freezes))}
    counts: dict[int, date] = {}
    for row in bind.execute(sa.select(events).order_by(events.c.id)).all():
        logged_at = _utc(row.logged_at)
        made_in = _quarter(logged_at.astimezone(LONDON).date())
        own = _quarter(row.on)
        counts[row.id] = made_in if own in frozen and frozen[own] < logged_at else own
        corrected = counts.get(row.corrects_id) if row.corrects_id else None
        is_late = corrected in frozen and frozen[corrected] < logged_at
        bind.execute(
            events.update()
            .where(events.c.id == row.id)
            .values(counts_in=counts[row.id], reverses_in=made_in if is_late else None)
        )


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def downgrade() -> None:
    with op.batch_alter_table("interaction_event") as table:
        table.drop_index(op.f("ix_interaction_event_counts_in"))
        table.drop_index(op.f("ix_interaction_event_reverses_in"))
        table.drop_column("counts_in")
        table.drop_column("reverses_in")
