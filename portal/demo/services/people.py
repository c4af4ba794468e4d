"""The people of the demo world: those who are signed in as, and those whom they work with."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.accounts import services as accounts
from portal.accounts.models import SYSTEM, Actor, Organisation, OrganisationKind, Role, User
from portal.accounts.rules import roles_of
from portal.accounts.services.passwords import kept
from portal.accounts.session import actor_of
from portal.db import db
from portal.demo import queries
from portal.demo.queries import Record
from portal.demo.rules.draw import pick
from portal.demo.rules.names import address, names
from portal.demo.services.places import Places

PASSWORD = "demonstration-only"  # noqa: S105  # public: production refuses every demo sign-in
SIGN_INS: dict[str, str] = {row["key"]: row["email"] for row in queries.people()}
"""Who can be signed in as, all with `PASSWORD`: a short name and the email address."""
HIN_STAFF, ICS_STAFF = 3, 1


@dataclass
class People:
    """Everybody, as the actor that services take."""

    stored_password: str
    by_key: dict[str, Actor] = field(default_factory=dict)
    of: dict[int, list[Actor]] = field(default_factory=dict)
    """By the id of their organisation, leads first."""
    emails: dict[int | None, str] = field(default_factory=dict)
    """By the id of the person."""

    def somebody(self, organisation: Organisation, key: str) -> Actor:
        """Return a person of the organisation who does its work, always the same for a key."""
        found = [person for person in self.of[organisation.id] if not person.is_administrator]
        return pick(key, found)

    def innovators(self) -> list[Actor]:
        """Return those who act for an innovator organisation."""
        return [person for people in self.of.values() for person in people if person.is_innovator]


def build(places: Places, makers: list[Record]) -> People:
    """Give every organisation its people; names are invented."""
    people = People(kept(PASSWORD))
    for row in queries.people():
        place = places.place(row["place"])
        actor = _person(people, place, row["name"], row["email"], Role(row["role"]), row["is_lead"])
        people.by_key[row["key"]] = actor
    taken = {row["name"] for row in queries.people()}
    made_up = names(queries.words("first_names"), queries.words("last_names"))
    free = (name for name in made_up if name not in taken)
    for organisation in places.of_hin.values():
        _staff(people, organisation, HIN_STAFF, free)
    for organisation in places.of_ics.values():
        _staff(people, organisation, ICS_STAFF, free)
    for name in dict.fromkeys(record["organisation"] for record in makers):
        if places.named[name].kind is not OrganisationKind.NATIONAL:
            _staff(people, places.named[name], 1, free)
    return people


def ask_the_second(people: People, national: Organisation) -> None:
    """Let one administrator wait for the agreement of the other, who finds it on home."""
    colleague = people.by_key["national_colleague"].user_id
    accounts.ask_for_membership(
        user=db.session.get_one(User, colleague),
        organisation=national,
        role=Role.ADMINISTRATOR,
        by=people.by_key["second_administrator"],
    )


def _staff(people: People, organisation: Organisation, size: int, free: Iterator[str]) -> None:
    """Bring an organisation to so many people; the first leads."""
    role = roles_of(organisation.kind)[0]
    for _ in range(size - len(people.of.get(organisation.id, []))):
        name = next(free)
        is_lead = "" if people.of.get(organisation.id) else "true"
        _person(people, organisation, name, address(name), role, is_lead)


def _person(
    people: People, organisation: Organisation, name: str, email: str, role: Role, is_lead: str
) -> Actor:
    user = accounts.create_user(email=email, name=name, is_demo=True)
    user.password = people.stored_password  # one slow hash for all, not one each
    membership = accounts.add_membership(
        user=user, organisation=organisation, role=role, is_lead=is_lead == "true", by=SYSTEM
    )
    db.session.flush()
    actor = actor_of(user, membership)
    people.of.setdefault(organisation.id, []).append(actor)
    people.emails[user.id] = email
    return actor
