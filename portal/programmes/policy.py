"""Who reads a programme and who changes what of it. Pure."""

from portal.accounts.models import Actor
from portal.programmes.models import Assessor, Programme, ProgrammeNote


def can_see(actor: Actor, programme: Programme) -> bool:
    """Whether the actor may read of a programme: anybody of a public one, else people of networks,
    of ICSs and of the national team. Its twin in SQL is `queries.visible_to`."""
    return programme.is_public or reads_networks(actor)


def reads_networks(actor: Actor) -> bool:
    """Whether the actor reads what each network did: people of networks, ICSs and the nation."""
    return actor.is_staff or actor.is_ics


def reads_sites(actor: Actor, programme: Programme) -> bool:
    """Whether the actor reads which place stands at which stage: people of networks, ICSs and the
    nation, and anybody where a public programme says so."""
    return reads_networks(actor) or (programme.is_public and programme.names_sites)


def reads_exact(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor reads counts of patients as they are: those of the nation are for all,
    those of a network for the network itself and the national team."""
    return hin_id is None or actor.is_national or (actor.is_hin and actor.hin_id == hin_id)


def can_edit(actor: Actor) -> bool:
    """Whether the actor adds and changes programmes, aims and trajectories: the national team."""
    return actor.is_national


def can_start_regional(actor: Actor) -> bool:
    """Whether the actor starts a regional programme, which their network leads."""
    return actor.is_hin and actor.hin_id is not None


def can_write_for(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor writes for a network, or (None) for the programme as a whole."""
    if hin_id is None:
        return actor.is_national
    return actor.is_hin and actor.hin_id == hin_id


def can_write(actor: Actor) -> bool:
    """Whether the actor writes anything: for their own network, or for the programme."""
    return actor.is_staff


def area_of(actor: Actor) -> int | None:
    """Return the network for which somebody who writes does so; None is the whole programme."""
    return actor.hin_id if actor.is_hin else None


def can_read_note(actor: Actor, note: ProgrammeNote) -> bool:
    """Whether the actor reads words of a quarter: what was published, or any as staff."""
    return bool(note.source) or actor.is_staff


def can_review(actor: Actor) -> bool:
    """Whether the actor reviews what networks hand in."""
    return actor.is_national


def can_read_choosing(actor: Actor) -> bool:
    """Whether the actor reads what could be spread next and how it is judged: staff."""
    return actor.is_staff


def can_propose(actor: Actor) -> bool:
    """Whether the actor puts proposals forward, names who assesses them, sets the weights and
    decides: the national team."""
    return actor.is_national


def can_assess(actor: Actor, assessor: Assessor) -> bool:
    """Whether the actor declares and scores in this part: who was asked and was not released."""
    is_own = actor.is_staff and actor.user_id == assessor.user_id
    return is_own and assessor.released_at is None


def can_change_of(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor changes an event or an intervention: its own network, or the nation."""
    return actor.is_national or can_write_for(actor, hin_id)


def can_talk(actor: Actor) -> bool:
    """Whether the actor reads and writes in the threads of communities of practice."""
    return reads_networks(actor)
