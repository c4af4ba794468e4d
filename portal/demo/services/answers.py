"""What the data files say, as the answers that the sections of a record take."""

from datetime import date

from portal.demo.queries import Record
from portal.demo.rules import words
from portal.demo.rules.draw import chance, pick
from portal.demo.services.places import Places
from portal.innovations.models import Section
from portal.innovations.rules.standing import EFFECT_KINDS, LEGALLY_NEEDED, PUBLISHED_TYPES
from portal.innovations.sections.answers import Answers

STATUS = {"held": "yes", "working": "working_towards", "not_yet": "not_yet"}
MARKS = {"IN_VITRO_DIAGNOSTIC": ("IVD_GENERAL",), "PHARMACEUTICAL": ("MARKETING_AUTHORISATION",)}
DEVICE_CLASSES = ("CE_UKCA_CLASS_I", "CE_UKCA_CLASS_IIA", "CE_UKCA_CLASS_IIB")


def sections(record: Record, stage: str, places: Places, used_from: date) -> dict[Section, Answers]:
    """Return the answers to every section.

    A record that counts as proven gets what the rules ask for and the sources do not say, marked
    as made up; `used_from` is the day of such a use.
    """
    return {
        Section.ABOUT: _about(record, stage, places),
        Section.NEED: _need(record),
        Section.EVIDENCE: {"items": _evidence(record)},
        Section.STANDARDS: {"items": _standards(record)},
        Section.COSTS: _costs(record),
        Section.USE: {"items": _uses(record, places, used_from)},
        Section.PLANS: _plans(record),
    }


def _about(record: Record, stage: str, places: Places) -> Answers:
    return {
        "name": record["name"],
        "summary": record["summary"],
        "description": record["description"],
        "website": record.get("website") or "",
        "category": record["category"],
        "main_purpose": next(iter(record["purposes"]), None),
        "stage": stage,
        "areas": record["areas"],
        "ics": places.ics_now[record["home_ics"]].code,
        "hin": places.hin_for(record["home_ics"]).code,
    }


def _need(record: Record) -> Answers:
    return {
        "need": record["need"],
        "who_for": record["who_for"],
        "care_settings": record["care_settings"],
        "conditions": record["conditions"],
        "benefits": record["benefits"],
        "inequalities": record.get("inequalities", []),
    }


def _evidence(record: Record) -> list[Answers]:
    items = [
        {
            "kind": item["kind"],
            "type": item["type"],
            "title": item["title"],
            "result": item["result"],
            "on": str(item["year"]) if item["year"] else None,
            "link": item.get("link", ""),
        }
        for item in record.get("evidence", [])
    ]
    if record.get("proven") and not any(_counts(item) for item in items):
        items.append(
            {
                "kind": "CLINICAL_CARE",
                "type": "PUBLISHED",
                "title": words.EVIDENCE_TITLE,
                "result": words.EVIDENCE_RESULT,
                "on": None,
                "link": "",
            }
        )
    return items


def _counts(item: Answers) -> bool:
    return item["kind"] in EFFECT_KINDS and item["type"] in PUBLISHED_TYPES


def _standards(record: Record) -> list[Answers]:
    items = [
        {"standard": held["code"], "status": STATUS[held["status"]], "reference": ""}
        for held in record.get("standards", [])
    ]
    category = record["category"]
    _, codes = LEGALLY_NEEDED.get(category, ("", frozenset[str]()))
    if record.get("proven") and codes and not any(i["standard"] in codes for i in items):
        code = pick(f"{record['key']}:mark", MARKS.get(category, DEVICE_CLASSES))
        items.append({"standard": code, "status": "yes", "reference": words.STANDARD_REFERENCE})
    return items


def _costs(record: Record) -> Answers:
    """Return what the sources print. Where they print nothing: a plausible cost, marked as made up,
    for two records of three; the rest are priced on request."""
    if record.get("costs"):
        return {"cost": None, **record["costs"]}
    key = record["key"]
    if not chance(f"{key}:priced", 65):
        return {"cost": None}
    pounds, basis = pick(f"{key}:price", words.PRICES)
    return {"cost": str(pounds), "cost_basis": f"{basis} ({words.MADE_UP})"}


def _uses(record: Record, places: Places, used_from: date) -> list[Answers]:
    found: dict[int, Answers] = {}
    for use in record.get("used_in", []):
        organisation = places.place(use["ics_code"])
        is_dated = use["from"] is not None
        found[organisation.id] = {
            "organisation": organisation.id,
            "site": "" if is_dated else words.USE_DATE_SITE,
            "from_on": use["from"] if is_dated else used_from.isoformat(),
            "until_on": None,
        }
    if record.get("proven") and not found:
        organisation = places.place(record["home_ics"])
        found[organisation.id] = {
            **_user(record, places),
            "from_on": used_from.isoformat(),
            "until_on": None,
        }
    return list(found.values())


def _user(record: Record, places: Places) -> Answers:
    """Return who uses it at home: the system, of three records one a place of the directory, and
    now and then a place that somebody entered by name."""
    key, home = f"{record['key']}:used at", places.place(record["home_ics"])
    if chance(f"{key} named", 8):
        return {"organisation_named": words.PLACE_NOT_FOUND, "site": ""}
    if chance(key, 33):
        ics = places.ics_now[record["home_ics"]]
        return {"directory_site": pick(key, places.sites[ics.id]), "site": ""}
    return {"organisation": home.id, "site": words.USE_SITE}


def _plans(record: Record) -> Answers:
    programme = record.get("programme")
    return {
        "plans": record.get("plans", ""),
        "support_wanted": record.get("support_wanted", []),
        "programmes": [programme] if programme else [],
    }
