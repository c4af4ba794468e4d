"""Keep who may read a report before it is published, when numbers become final, and how it counts

Revision 0065, after 0061.
Written: 2026-11-29 16:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0062"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("methodology", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    with op.batch_alter_table("report_release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("final_on", sa.Date(), nullable=True))
    op.execute(sa.text("UPDATE report_release SET made_at = published_at"))
    with op.batch_alter_table("report_release", schema=None) as batch_op:
        batch_op.alter_column("made_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_table(
        "report_early_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["user.id"], name=op.f("fk_report_early_reader_named_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_early_reader_report_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_report_early_reader_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_early_reader")),
        sa.UniqueConstraint(
            "report_id",
            "number",
            "user_id",
            name=op.f("uq_report_early_reader_report_id_number_user_id"),
        ),
    )
    with op.batch_alter_table("report_early_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_early_reader_user_id"), ["user_id"])
