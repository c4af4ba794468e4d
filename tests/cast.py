"""The people whom tests tell of, and the organisations they act for."""

from dataclasses import dataclass

from portal.accounts.models import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from portal.accounts.session import actor_of
from tests import makers


@dataclass
class Person:
    """Somebody acting for one organisation."""

    user: User
    membership: Membership

    @property
    def actor(self) -> Actor:
        """What policies and services take as `by`."""
        return actor_of(self.user, self.membership)

    @property
    def organisation(self) -> Organisation:
        """Whom they act for."""
        return self.membership.organisation


class Cast:
    """Two of every kind where one must not see the other's.

    `innovator` (lead) and `colleague` are of Brightwell Health in Coventry and Warwickshire,
    `other_innovator` of Northgate Devices; `ics` is of Coventry and Warwickshire, `other_ics` of
    Greater Manchester; `hin` (lead) is of West Midlands, `other_hin` of Manchester.
    """

    def __init__(self) -> None:
        with makers.at_once():
            self._companies()
            self._systems()
            nation = makers.organisation("National innovation team", kind=OrganisationKind.NATIONAL)
            self.national = _person("Nadia Cole", nation, Role.NATIONAL, is_lead=True)
            self.administrator = _person("Ada Price", nation, Role.ADMINISTRATOR, is_lead=True)

    def _companies(self) -> None:
        ours = makers.organisation("Brightwell Health", ics=makers.ics("QWU"))
        self.innovator = _person("Ida Brown", ours, Role.INNOVATOR, is_lead=True)
        self.colleague = _person("Colm Reid", ours, Role.INNOVATOR)
        other = makers.organisation("Northgate Devices", ics=makers.ics("QOP"))
        self.other_innovator = _person("Omar Khan", other, Role.INNOVATOR, is_lead=True)

    def _systems(self) -> None:
        self.ics = _person("Isla Ward", _ics("QWU"), Role.ICS, is_lead=True)
        self.other_ics = _person("Otto Lane", _ics("QOP"), Role.ICS, is_lead=True)
        self.hin = _person("Hana West", _hin("HI-WM"), Role.HIN, is_lead=True)
        self.other_hin = _person("Owen Mills", _hin("HI-MAN"), Role.HIN, is_lead=True)

    KINDS = (
        "innovator",
        "colleague",
        "other_innovator",
        "ics",
        "other_ics",
        "hin",
        "other_hin",
        "national",
        "administrator",
    )

    def every_actor(self) -> list[Actor]:
        """Nobody, the system, and everybody in every role that they could act in: for their own
        organisation, for the innovator's, for none."""
        found = [ANONYMOUS, SYSTEM]
        for person in (getattr(self, kind) for kind in self.KINDS):
            found += [person.actor, Actor(user_id=person.user.id, name=person.user.name)]
            found += [
                Actor(
                    user_id=person.user.id,
                    organisation_id=organisation.id,
                    role=role,
                    hin_id=organisation.hin_id,
                )
                for role in Role
                for organisation in (person.organisation, self.innovator.organisation)
            ]
        return found


def _person(name: str, organisation: Organisation, role: Role, *, is_lead: bool = False) -> Person:
    user = makers.user(name)
    return Person(user, makers.membership(user, organisation, role, is_lead=is_lead))


def _ics(code: str) -> Organisation:
    ics = makers.ics(code)
    return makers.organisation(ics.ics_name, kind=OrganisationKind.ICS, ics=ics)


def _hin(code: str) -> Organisation:
    hin = makers.hin(code)
    return makers.organisation(hin.name, kind=OrganisationKind.HIN, hin=hin)
