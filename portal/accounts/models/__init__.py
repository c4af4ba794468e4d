"""People, the organisations they act for, and their sessions."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_security.core import UserMixin
from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin, Ics
from portal.text import folded

if TYPE_CHECKING:
    from portal.accounts.models.factors import Passkey


class Role(LabelledEnum):
    """What a person may do for an organisation."""

    INNOVATOR = "innovator", "Innovator"
    ICS = "ics", "ICS staff"
    HIN = "hin", "HIN staff"
    NATIONAL = "national", "National team"
    ADMINISTRATOR = "administrator", "Administrator"


class OrganisationKind(LabelledEnum):
    """What sort of organisation it is."""

    COMPANY = "company", "Company"
    CHARITY = "charity", "Charity or social enterprise"
    UNIVERSITY = "university", "University"
    NHS_TRUST = "nhs_trust", "NHS trust"
    ICS = "ics", "Integrated care system"
    HIN = "hin", "Health Innovation Network"
    NATIONAL = "national", "National team"


class OrganisationSize(LabelledEnum):
    """By headcount, as in the United Kingdom's statistics of businesses."""

    MICRO = "micro", "1 to 9 people"
    SMALL = "small", "10 to 49 people"
    MEDIUM = "medium", "50 to 249 people"
    LARGE = "large", "250 people or more"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, acting for one organisation in one role: what every policy and service asks of.

    Nobody signed in is `ANONYMOUS`; a job or command is `SYSTEM`.
    """

    user_id: int | None = None
    name: str = "Somebody not signed in"
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    role: Role | None = None
    is_lead: bool = False
    hin_id: int | None = None
    ics_id: int | None = None
    token_id: int | None = None
    """By which token of the API they act, None for who does it themselves."""

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a person with an account."""
        return self.user_id is not None

    @property
    def is_innovator(self) -> bool:
        """Whether they act for an innovator organisation."""
        return self.role is Role.INNOVATOR

    @property
    def is_ics(self) -> bool:
        """Whether they act for an integrated care system."""
        return self.role is Role.ICS

    @property
    def is_hin(self) -> bool:
        """Whether they act for a Health Innovation Network."""
        return self.role is Role.HIN

    @property
    def is_national(self) -> bool:
        """Whether they act for the national team."""
        return self.role is Role.NATIONAL

    @property
    def is_administrator(self) -> bool:
        """Whether they look after people, organisations and vocabularies."""
        return self.role is Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whether they are HIN or national staff, who see the whole pipeline."""
        return self.is_hin or self.is_national


ANONYMOUS = Actor()
SYSTEM = Actor(name="The portal")


class User(Base, UserMixin):
    """A person with an account. What they may do hangs on their memberships."""

    __tablename__ = "user"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    """The half-minute whose code was used last: a code overheard cannot be used again."""
    passkey_handle: Mapped[str | None] = mapped_column(unique=True)
    """What devices call the person, in base64url: random, so that it tells nothing."""
    factor_asked_at: Mapped[datetime | None]
    """When the days began within which their role asks for a second factor."""
    closed_at: Mapped[datetime | None]
    """When the account was closed; None while it is open."""
    erased_at: Mapped[datetime | None]
    """When name and address were taken out of it, for good."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    """A sign-in of the demo world: refused in production."""

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", foreign_keys="Membership.user_id", order_by="Membership.id"
    )
    passkeys: Mapped[list["Passkey"]] = relationship(
        order_by="Passkey.id", cascade="all, delete-orphan"
    )

    @property
    def has_factor(self) -> bool:
        """Whether signing in asks for more than the password."""
        return bool(self.tf_totp_secret or self.passkeys)

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]  # ours is read-only
        """Flask-Security asks; our roles belong to memberships, so it gets none."""
        return []


class Organisation(Versioned, Base):
    """A company, charity, university, NHS trust, ICS, HIN or the national team."""

    __tablename__ = "organisation"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str] = mapped_column(index=True, unique=True, server_default=text("''"))
    """The name as `portal.text.folded` tells names apart; follows it by itself."""
    kind: Mapped[OrganisationKind]
    size: Mapped[OrganisationSize | None]
    website: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    ods_code: Mapped[str | None] = mapped_column(unique=True)
    company_number: Mapped[str | None] = mapped_column(index=True)
    """Its number at Companies House, where it is a company and said so."""
    ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"), index=True)
    """The ICS it is, or the one in which it is based."""
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The HIN it is; None for every other kind."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The organisation with which it was made one."""

    ics: Mapped[Ics | None] = relationship()
    hin: Mapped[Hin | None] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_key = folded(name)
        return name


class MembershipState(enum.StrEnum):
    """Joining an organisation needs its lead's yes."""

    REQUESTED = "requested"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


class Membership(Base):
    """A person acts for an organisation in one role."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_open",
            "user_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=text("state IN ('requested', 'active')"),
            postgresql_where=text("state IN ('requested', 'active')"),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role]
    is_lead: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MembershipState] = mapped_column(default=MembershipState.ACTIVE)
    requested_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(back_populates="memberships", foreign_keys=[user_id])
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class Invitation(Base):
    """Staff come by invitation from their organisation's lead or an administrator."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role]
    is_lead: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token in the link; the token itself is only in the email."""
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class RecoveryCode(Base):
    """Lets somebody in once who has lost the authenticator app; kept as a hash alone."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    code_hash: Mapped[str]
    """SHA-256 of the person's id and the code, which has 80 random bits: it needs no secret of the
    service, so that codes outlive a lost one."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser. A copied cookie dies with its row."""

    __tablename__ = "user_session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str]
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """Which membership this browser is acting as."""
    user_agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    proved_at: Mapped[datetime | None] = mapped_column(default=now)
    """When the person last proved here who they are, by password or factor."""
    factor_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the service that signed the person in had asked for a second factor."""
    revoked_at: Mapped[datetime | None]


# `User.passkeys` names the class: whoever knows the one must know the other.
from portal.accounts.models import factors as _factors  # noqa: E402, F401
