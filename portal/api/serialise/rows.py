"""Rows as the API says them: what pages and files show, by codes and numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for

from portal.accounts.models import Actor
from portal.challenges.models import Challenge
from portal.clock import today
from portal.innovations.models import Innovation
from portal.innovations.policy import can_see_people, is_proven
from portal.matching.models import Feedback, Suggestion
from portal.matching.serialise import explained_suggestion
from portal.reference.models import Hin, Ics, Region, Term, Vocabulary
from portal.search.indexing.asking import SearchResult
from portal.search.serialise import card, counted
from portal.support.models import Engagement, Interaction, InteractionShare
from portal.web.filters import Filters

Row = dict[str, Any]


def page(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page or of a part of the API."""
    return url_for(endpoint, _external=True, **values)


def term(row: Term | None) -> Row | None:
    """Return a term."""
    return None if row is None else {"code": row.code, "label": row.label}


def place(row: Hin | Ics | Region | None) -> Row | None:
    """Return a place or a network."""
    return None if row is None else {"code": row.code, "label": row.name}


def record(actor: Actor, innovation: Innovation) -> Row:
    """Return an innovation as a row of the list; with whom it is shared is for those alone who see
    who works on it."""
    return {
        "id": innovation.id,
        "name": innovation.name,
        "url": page("innovations.overview", innovation_id=innovation.id),
        "organisation": innovation.organisation.name,
        "summary": innovation.summary,
        "status": innovation.status.value,
        "stage": term(innovation.stage),
        "category": term(innovation.category),
        "hin": place(innovation.hin),
        "ics": place(innovation.ics),
        "sharing": innovation.sharing.value if can_see_people(actor, innovation) else None,
        "proven_until": innovation.is_proven_until if is_proven(innovation, today()) else None,
        "submitted_at": innovation.submitted_at,
        "changed_at": innovation.changed_at,
    }


def merged(found: Mapping[int, int]) -> list[Row]:
    """Return the records that were made one with another, in order."""
    return [{"id": one, "merged_into": kept} for one, kept in sorted(found.items())]


def challenge(row: Challenge) -> Row:
    """Return a challenge; contacts are never in it."""
    return {
        "id": row.id,
        "title": row.title,
        "url": page("challenges.show", challenge_id=row.id),
        "state": row.state.value,
        "organisation": row.organisation.name,
        "ics": place(row.organisation.ics),
        "problem": row.problem,
        "who_affected": row.who_affected,
        "people_a_year": row.how_many,
        "outcome_wanted": row.outcome_wanted,
        "must_haves": row.must_haves,
        "care_settings": _of(row.terms, Vocabulary.CARE_SETTING),
        "conditions": _of(row.terms, Vocabulary.CONDITION),
        "areas": _of(row.terms, Vocabulary.AREA),
        "needed_by": row.needed_by,
        "readers": row.readers.value,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "changed_at": row.changed_at,
        "outcome": row.outcome.value if row.outcome else None,
    }


def _of(terms: Iterable[Term], vocabulary: Vocabulary) -> list[Row | None]:
    return [term(one) for one in terms if one.vocabulary is vocabulary]


def found(result: SearchResult) -> list[Row]:
    """Return what a search found as the cards of its page show it, with the reasons."""
    rows = []
    for one in result.results:
        shown = card(one, today())
        rows.append(
            {
                "id": shown.id,
                "name": shown.name,
                "url": page("innovations.overview", innovation_id=shown.id),
                "organisation": shown.maker,
                "summary": _text(shown.summary),
                "stage": shown.stage,
                "category": shown.category,
                "proven_until": shown.proven_until,
                "in_use_at": list(shown.places),
                "reasons": [{"field": name, "text": _text(told)} for name, told in shown.reasons],
                "matched_fields": list(shown.fields),
            }
        )
    return rows


def _text(spans: Iterable[Any]) -> str:
    return "".join(span.text for span in spans)


def facets(filters: Filters, result: SearchResult) -> list[Row]:
    """Return the filters of the search with how many results each value has."""
    return [
        {
            "name": one.name,
            "label": one.label,
            "values": [
                {"value": option.value, "label": option.label, "count": option.count}
                for option in one.options
            ],
        }
        for one in counted(filters, result).filters
    ]


def match(row: Suggestion, verdicts: Mapping[int, Feedback], *, is_proven: bool) -> Row:
    """Return a match with its reasons, as its card tells them."""
    told, innovation = explained_suggestion(row), row.innovation
    judged = verdicts.get(innovation.id)
    return {
        "innovation": {
            "id": innovation.id,
            "name": innovation.name,
            "url": page("innovations.overview", innovation_id=innovation.id),
            "organisation": innovation.organisation.name,
            "summary": innovation.summary,
        },
        "rank": row.rank,
        "is_proven": is_proven,
        "strength": told.strength.words,
        "reason": str(told.sentence.striptags()),
        "shared_words": told.words,
        "facts": told.facts,
        "not_covered": [*told.missing_facts, *told.missing_words],
        "judged": judged.verdict.value if judged else None,
    }


def engagement(row: Engagement) -> Row:
    """Return a network's work with an innovation."""
    return {
        "id": row.id,
        "innovation": row.innovation_id,
        "innovation_name": row.innovation.name,
        "hin": place(row.hin),
        "state": row.state.value,
        "level": row.level,
        "lead": row.lead.name if row.lead else None,
        "is_leading": row.is_leading,
        "opened_at": row.opened_at,
        "picked_up_at": row.picked_up_at,
        "decided_at": row.decided_at,
        "due_on": row.due_on,
    }


def interaction(share: InteractionShare) -> Row:
    """Return an interaction, as far as it was about one innovation."""
    row, about = share.interaction, share.engagement.innovation
    return {
        "id": share.id,
        "interaction": row.id,
        "innovation": about.id,
        "innovation_name": about.name,
        "hin": place(row.hin),
        "kind": row.kind.value,
        "support_kinds": [term(kind) for kind in row.kinds],
        "on": row.on,
        "minutes": share.minutes,
        "minutes_in_all": row.minutes,
        "stands": _standing(row),
        "title": row.title,
        "note": row.note,
        "next_step": row.next_step,
        "next_on": row.next_on,
        "people": [one.name for one in row.participants if not one.is_organisation],
        "organisations": [one.name for one in row.participants if one.is_organisation],
        "is_private": row.is_private,
        "logged_by": row.logged_by.name if row.logged_by else None,
        "logged_at": row.logged_at,
    }


def _standing(row: Interaction) -> str:
    if row.corrected_by:
        return "corrected"
    return "withdrawn" if row.is_void else "counts"
