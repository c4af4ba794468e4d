"""A program reads charts and enters what was counted, by the services and policies of the pages."""

from portal.accounts.models.tokens import TokenScope
from portal.improvement.models import MeasureReading
from tests.improvement import makers, plotting

MEASURES = TokenScope.MEASURES


def made(cast, session):
    of = plotting.measure(of=makers.programme(by=cast.national), by=cast.national)
    session.commit()
    return of


def reading(on="2026-03-17", numerator=41, denominator=48):
    return {"on": on, "numerator": numerator, "denominator": denominator}


def test_what_was_counted_is_entered_once_and_corrected_with_its_reason(by, cast, session):
    of = made(cast, session)
    program, path = by(cast.hin, MEASURES), f"/measures/{of.id}/readings"
    sent = {"readings": [reading(), reading("2026-04-01")], "source": "Ward system"}
    answer = program.ask(path, "POST", json=sent)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["changed"] == 2
    assert program.ask(path, "POST", json=sent).get_json()["changed"] == 0
    other = {"readings": [reading(numerator=40)]}
    assert program.ask(path, "POST", json=other).status_code == 422
    assert program.ask(path, "POST", json={**other, "why": "Counted anew"}).status_code == 200
    rows = session.query(MeasureReading).order_by(MeasureReading.id).all()
    assert [row.numerator for row in rows] == [41, 41, 40]
    assert rows[2].corrects_id == rows[0].id
    values = by(cast.hin).get(f"/measures/{of.id}/values")
    assert values["is_exact"]
    assert [one["on"] for one in values["items"]] == ["2026-03-01", "2026-04-01"]
    assert (values["items"][0]["numerator"], values["items"][0]["denominator"]) == (40, 48)


def test_who_may_not_enter_it_on_its_page_may_not_by_a_program(by, cast, session):
    of = made(cast, session)
    path, sent = f"/measures/{of.id}/readings", {"readings": [reading()]}
    assert by(cast.hin).ask(path, "POST", json=sent).status_code == 403  # a token for reading
    assert by(cast.ics, MEASURES).ask(path, "POST", json=sent).status_code in {403, 404}
    assert by(cast.innovator, MEASURES).ask(path, "POST", json=sent).status_code == 403
    elsewhere = {**sent, "place": "HI-MAN"}
    assert by(cast.hin, MEASURES).ask(path, "POST", json=elsewhere).status_code == 403
    assert session.query(MeasureReading).count() == 0


def test_numbers_that_cannot_be_are_refused_with_their_period(by, cast, session):
    of = made(cast, session)
    program, path = by(cast.hin, MEASURES), f"/measures/{of.id}/readings"
    for wrong in (
        reading(numerator=49),
        reading(denominator=None),
        reading(on="2999-01-01"),
        reading(numerator=-1),
        reading(numerator="41"),
        reading(numerator=True),
    ):
        answer = program.ask(path, "POST", json={"readings": [wrong]})
        assert answer.status_code == 422, wrong
    assert session.query(MeasureReading).count() == 0


def test_few_patients_of_another_network_are_told_by_no_answer(by, cast, session):
    of = made(cast, session)
    plotting.counted([(3, 40), (33, 44)], of=of, by=cast.hin)
    session.commit()
    code = by(cast.hin).get(f"/measures/{of.id}/values")["place"]
    values = by(cast.other_hin).get(f"/measures/{of.id}/values?place={code}")
    assert not values["is_exact"]
    few, many = values["items"]
    assert (few["is_hidden"], few["numerator"], few["denominator"], few["value"]) == (
        True,
        None,
        None,
        None,
    )
    assert (many["numerator"], many["denominator"]) == (35, 45)
    assert [one["name"] for one in by(cast.ics).every("/measures")] == [of.name]
    places = by(cast.ics).get(f"/measures/{of.id}")["places"]
    assert {one["code"] for one in places} == {"england", code}
