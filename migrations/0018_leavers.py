"""Keep recovery codes as hashes, and give the records of those who left to their leads

Revision 0018, after 0015.
Written: 2026-11-28 13:05:00
"""

import base64
import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")
        ),
    )
    op.create_table(
        "stored_file",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room", "stored", name=op.f("pk_stored_file")),
    )
    _hash_recovery_codes()
    op.execute('ALTER TABLE "user" DROP COLUMN mf_recovery_codes')
    _pass_on_records()
    op.execute("UPDATE email SET body = '' WHERE sent_at IS NOT NULL")


def _hash_recovery_codes() -> None:
    """Codes were encrypted with a key made from TWO_FACTOR_SECRET. Where that secret was lost they
    cannot be read, as they could not be used, and are left out."""
    bind = op.get_bind()
    secret = str(current_app.config["TWO_FACTOR_SECRET"])
    digest = hashlib.sha256(b"recovery codes" + secret.encode()).digest()
    cipher = Fernet(base64.urlsafe_b64encode(digest))
    users = sa.text('SELECT id, mf_recovery_codes FROM "user" WHERE mf_recovery_codes IS NOT NULL')
    for user_id, stored in bind.execute(users).all():
        codes = json.loads(stored) if isinstance(stored, str) else stored
        for hashed in {_hashed(user_id, cipher, code) for code in codes or []} - {""}:
            bind.execute(
                sa.text(
                    "INSERT INTO recovery_code (user_id, code_hash, made_at)"
                    " VALUES (:user_id, :hashed, CURRENT_TIMESTAMP)"
                ),
                {"user_id": user_id, "hashed": hashed},
            )


def _hashed(user_id: int, cipher: Fernet, code: str) -> str:
    try:
        plain = cipher.decrypt(code.encode()).decode()
    except InvalidToken:
        return ""
    typed = re.sub(r"[^0-9a-z]", "", plain.lower())
    return hashlib.sha256(f"{user_id}:{typed}".encode()).hexdigest()


def _pass_on_records() -> None:
    """Records of people who no longer act for the organisation that they acted for: its lead owns
    them. Those who never acted for it were given the record and keep it."""
    op.execute(
        """
        UPDATE innovation SET owner_id = (
            SELECT MIN(m.user_id) FROM membership m JOIN "user" u ON u.id = m.user_id
            WHERE m.organisation_id = innovation.organisation_id AND m.state = 'active'
            AND m.is_lead AND u.active
        )
        WHERE owner_id IN (
            SELECT m.user_id FROM membership m
            WHERE m.organisation_id = innovation.organisation_id AND m.state = 'ended'
        ) AND owner_id NOT IN (
            SELECT m.user_id FROM membership m
            WHERE m.organisation_id = innovation.organisation_id AND m.state = 'active'
        )
        """
    )


def downgrade() -> None:
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("user", sa.Column("mf_recovery_codes", kind, nullable=True))
    op.drop_table("stored_file")
    op.drop_table("recovery_code")
