"""A small world to match in."""

from portal.innovations.models import Innovation, Sharing
from portal.jobs import run_waiting
from tests import makers

WORDS = {
    "SteadyHome": "Spots the risk of falls among residents of care homes early.",
    "FallSense": "A sensor that tells care home staff when a resident falls.",
    "HeartLine": "Remote monitoring for people with heart failure at home.",
    "WardNotes": "Digital notes for hospital wards in place of paper.",
}


def innovation(cast, name="SteadyHome", *, proven=True, **values) -> Innovation:
    """An innovation whose summary shares words with the challenge about falls."""
    values.setdefault("sharing", Sharing.HINS_AND_ICSS)
    summary = values.pop("summary", WORDS.get(name, WORDS["SteadyHome"]))
    row = makers.innovation(
        name, of=values.pop("of", cast.innovator), summary=summary, need="", **values
    )
    return makers.proven(row) if proven else row


def matched(session) -> None:
    """Commit and run what waits, as the worker would."""
    session.commit()
    run_waiting()
    session.expire_all()
