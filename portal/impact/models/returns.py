"""The yearly company return: whom a campaign asks, what each answered, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import PartialDate, Precision, now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin
from portal.reference.rules import Quarter


class ReturnCampaign(Versioned, Base):
    """Every company supported in a financial year is asked once, between two days after it."""

    __tablename__ = "return_campaign"

    id: Mapped[Id]
    year: Mapped[int] = mapped_column(unique=True)
    """The calendar year in which the financial year begins: 2025 for 2025/26."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which a company may answer."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def first(self) -> date:
        """The first day of the year that it asks about."""
        return date(self.year, 4, 1)

    @property
    def last(self) -> date:
        """The last day of that year."""
        return date(self.year + 1, 3, 31)

    @property
    def label(self) -> str:
        """The year as people write it: "2025/26"."""
        return Quarter.of(self.first).years

    @property
    def quarters(self) -> list[Quarter]:
        """The four quarters of the year."""
        found = [Quarter.of(self.first)]
        while len(found) < 4:
            found.append(found[-1].next)
        return found

    def is_open(self, day: date) -> bool:
        """Whether companies may answer on a day."""
        return self.opens_on <= day <= self.closes_on


class ReturnState(LabelledEnum):
    """How far a company's return has come."""

    ASKED = "asked", "Not started"
    BEGUN = "begun", "Draft"
    HANDED_IN = "handed_in", "Handed in"
    ASKED_BACK = "asked_back", "Asked back"
    ACCEPTED = "accepted", "Accepted"


class Via(LabelledEnum):
    """How an answer came."""

    LINK = "link", "by the personal link"
    ACCOUNT = "account", "through an account"
    PHONE = "phone", "by phone, written down by a network"


class CompanyReturn(Versioned, Base):
    """What one company is asked in one campaign, and its answer as far as it is given."""

    __tablename__ = "company_return"
    __table_args__ = (
        UniqueConstraint("campaign_id", "organisation_id"),
        Index(None, "organisation_id"),
        CheckConstraint("share_owed BETWEEN 0 AND 100", name="share_owed"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("return_campaign.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ReturnState] = mapped_column(default=ReturnState.ASKED)
    jobs_created: Mapped[float | None]
    """Full-time equivalents, in halves; None while it is not answered."""
    jobs_safeguarded: Mapped[float | None]
    """Full-time equivalents, in halves; None while it is not answered."""
    share_owed: Mapped[int | None]
    """What share of all of it the company owes to the support, in percent."""
    evidence: Mapped[str] = mapped_column(default="")
    may_publish: Mapped[bool | None]
    """Whether the answer may be published under the company's name."""
    draft: Mapped[dict[str, Any] | None]
    """What was typed since it was asked back and is not handed in yet (`rules.given.as_draft`):
    the other columns keep the answer that was handed in."""
    via: Mapped[Via | None]
    spoken_to: Mapped[str] = mapped_column(default="")
    """Who answered by phone."""
    asked_at: Mapped[datetime | None]
    """When the company was first written to; None while it was not."""
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    """How often the company was reminded."""
    handed_in_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    campaign: Mapped[ReturnCampaign] = relationship()
    organisation: Mapped[Organisation] = relationship()
    checked_by: Mapped[User | None] = relationship()
    networks: Mapped[list["ReturnNetwork"]] = relationship(
        order_by="ReturnNetwork.id", cascade="all, delete-orphan"
    )
    investments: Mapped[list["ReturnInvestment"]] = relationship(
        order_by="ReturnInvestment.id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["ReturnStep"]] = relationship(
        order_by="ReturnStep.id", cascade="all, delete-orphan"
    )
    keys: Mapped[list["ReturnKey"]] = relationship(
        order_by="ReturnKey.id", cascade="all, delete-orphan"
    )


class ReturnNetwork(Base):
    """A network that supported the company in the year: what shared credit is worked out from."""

    __tablename__ = "return_network"
    __table_args__ = (UniqueConstraint("return_id", "hin_id"),)

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(ForeignKey("company_return.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    minutes: Mapped[int]
    """Of its interactions with the company in the year."""

    hin: Mapped[Hin] = relationship()


class InvestmentKind(LabelledEnum):
    """What money came to a company as."""

    GRANT = "grant", "Grants"
    EQUITY = "equity", "Equity"
    SALES = "sales", "Sales"
    CONTRACT = "contract", "Contracts"
    OTHER = "other", "Other investment"


class ReturnInvestment(Base):
    """The money of one kind that came to a company in the year."""

    __tablename__ = "return_investment"
    __table_args__ = (
        UniqueConstraint("return_id", "kind"),
        CheckConstraint("pounds > 0", name="pounds"),
    )

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(ForeignKey("company_return.id", ondelete="CASCADE"))
    kind: Mapped[InvestmentKind]
    pounds: Mapped[int]
    """Whole pounds."""
    on: Mapped[date]
    """When it came; of several, the day of the largest."""
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)

    @property
    def day(self) -> PartialDate:
        """The date as far as it is known."""
        return PartialDate(self.on, self.on_precision)


class HeardInvestment(Base):
    """Money of which a network heard when it was in touch: the company's return begins with it."""

    __tablename__ = "heard_investment"
    __table_args__ = (CheckConstraint("pounds > 0", name="pounds"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    kind: Mapped[InvestmentKind]
    pounds: Mapped[int]
    """Whole pounds."""
    on: Mapped[date]
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="SET NULL"), index=True
    )
    """In which interaction; None where it was said otherwise."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    hin: Mapped[Hin] = relationship()

    @property
    def day(self) -> PartialDate:
        """The date as far as it is known."""
        return PartialDate(self.on, self.on_precision)


class StepKind(LabelledEnum):
    """What happened to a return."""

    ASKED = "asked", "Asked"
    REMINDED = "reminded", "Reminded"
    HANDED_IN = "handed_in", "Handed in"
    ASKED_BACK = "asked_back", "Asked back"
    ACCEPTED = "accepted", "Accepted"


class ReturnStep(Base):
    """One thing that happened to a return, with the answer as it stood then. Append-only."""

    __tablename__ = "return_step"

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(
        ForeignKey("company_return.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[StepKind]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    via: Mapped[Via | None]
    words: Mapped[str] = mapped_column(default="")
    """What the network wants to know, where it asked back."""
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The numbers that were handed in; empty for other steps."""

    by: Mapped[User | None] = relationship()


class ReturnKey(Base):
    """A personal link that was sent: it opens one return while the campaign is open."""

    __tablename__ = "return_key"

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(
        ForeignKey("company_return.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the key in the link; the key itself is only in the email."""
    sent_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime | None]
    """When somebody first began to answer with it."""

    company_return: Mapped[CompanyReturn] = relationship(back_populates="keys")
