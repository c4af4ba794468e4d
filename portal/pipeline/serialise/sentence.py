"""The sentence that says which records a list holds."""

from collections.abc import Mapping

from portal.pipeline.rules.days import short
from portal.pipeline.rules.records_query import NOT_SAID, Move, RecordsQuery
from portal.reference.rules import Quarter
from portal.web.format import lower_first, nhs_date, plural

Labels = Mapping[tuple[str, str], str]
"""`(field, code)` to the words for it."""

MOVE_WORDS = {
    Move.ENTERED: "that entered the pipeline",
    Move.ADVANCED: "that advanced",
    Move.STAYED: "that were at the same stage",
    Move.STEPPED_BACK: "that stepped back",
    Move.ARCHIVED: "that were archived",
}


YES_WORDS = {
    "proven": "verified as proven",
    "stale": "without a change for six months",
    "mine": "of yours",
    "changes": "with changes wanted",
    "helped": "that a network is engaging with",
    "our_network": "that came to your network",
    "neighbours": "in use in another ICS of your region",
}


def sentence(query: RecordsQuery, labels: Labels) -> str:
    """Return it without a full stop: "Innovations at the stage …, as at 30 June 2026"."""
    parts = [*_which(query), *_about(query, labels), *_network(query, labels)]
    if query.since:
        day = f"between {nhs_date(query.since)} and {nhs_date(query.on)}"
    else:
        day = f"as at {nhs_date(query.on)}"
    return " ".join(["Innovations", *parts]) + f", {day}"


def _which(asked: RecordsQuery) -> list[str]:
    found = [MOVE_WORDS[asked.move]] if asked.move else ["on the pipeline"]
    found += [words for name, words in YES_WORDS.items() if getattr(asked, name)]
    if asked.added:
        found.append(f"that first came in {short(Quarter.of(asked.on))}")
    return found


def _about(asked: RecordsQuery, labels: Labels) -> list[str]:
    names = {
        "stage_before": "from the stage",
        "stage": "at the stage",
        "left": "that left the stage",
        "came": "that came to the stage",
        "hin": "that came to",
        "category": "of the category",
        "condition_group": "for",
        "care_setting": "used in the setting",
        "organisation": "of",
    }
    return [
        f"{words} {_label(name, str(value), labels)}"
        for name, words in names.items()
        if (value := getattr(asked, name))
    ]


def _label(name: str, value: str, labels: Labels) -> str:
    label = "“not said”" if value == NOT_SAID else labels.get((name, value), value)
    return label if name in {"hin", "organisation"} else lower_first(label)


def _network(asked: RecordsQuery, labels: Labels) -> list[str]:
    found = []
    if asked.hins is not None:
        found.append(f"that {plural(asked.hins, 'network')} {_work(asked.hins)} with")
    if asked.several or asked.worked_with:
        found.append(f"that {'more than one' if asked.several else 'any'} network works with")
    if asked.pair:
        names = [labels.get(("hin", code), code) for code in dict.fromkeys(asked.pair)]
        found.append(f"that {' and '.join(names)} {_work(len(names))} with")
    if asked.ours_and_others:
        found.append("that your network and another one work with")
    if asked.also_elsewhere:
        found.append("in your triage that another network already works with")
    if asked.proved_in:
        found.append(f"proved in {labels.get(('region', asked.proved_in), asked.proved_in)}")
    if asked.used_in:
        found.append(f"in use in {labels.get(('region', asked.used_in), asked.used_in)}")
    return found


def _work(count: int) -> str:
    return "works" if count == 1 else "work"
