"""Staff post ideas: look-alikes are shown first, abuse is held or refused beside its field."""

import pytest
from sqlalchemy import func, select

from portal.challenges.models import Readers
from portal.clock import today
from portal.community.models import Idea, IdeaState, IdeaSupporter, Moderation
from portal.community.services import posting, together
from portal.errors import Forbidden, Invalid, Outdated
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from tests import makers as rows
from tests.community import makers
from tests.community.conftest import inbox, text_of

FORM = {
    "title": "Medicines the evening before",
    "problem": "People wait for hours for their medicines on the day of discharge from the ward.",
    "words": "The pharmacy prepares the medicines the evening before discharge.",
    "benefit": "Home in the morning",
    "stage": "thought",
    "may_join": "yes",
    "tags": "Discharge, #Pharmacy, discharge",
}


def test_an_idea_is_posted_with_its_day_and_those_who_asked_are_told(
    session, cast, as_, nurse, campaign
):
    browser = as_(nurse)
    path = f"/ideas/campaigns/{campaign.id}/new"
    missing = text_of(browser.post(path, data={"title": "", "may_join": ""}))
    for words in ("Enter your idea in one line", "Enter what the problem is", "Enter your idea"):
        assert words in missing
    sent = browser.post(path, data=FORM)
    assert sent.status_code == 302
    idea = session.scalars(select(Idea)).one()
    assert idea.state is IdeaState.POSTED
    assert idea.due_on == due_on(DeadlineKind.IDEA, today())
    assert [one.name for one in idea.tags] == ["discharge", "pharmacy"]
    assert f"A new idea: {FORM['title']}" in inbox(session, cast.ics.user)
    page = text_of(browser.get(f"/ideas/{idea.id}"))
    assert "answers by" in page
    assert "Nell Shaw" in page
    home = text_of(as_(cast.ics).get("/home"))
    assert f"Look at the idea “{FORM['title']}”" in home


def test_similar_ideas_and_challenges_are_shown_before_an_idea_is_posted(
    session, cast, as_, nurse, campaign
):
    makers.idea(campaign, cast.other_ics)
    makers.idea(
        campaign,
        cast.other_ics,
        title="Bicycles for porters",
        problem="Porters walk far between buildings.",
        words="Give them bicycles.",
        benefit="",
    )
    rows.challenge(
        "People wait for medicines on the day of discharge",
        of=cast.ics,
        problem="Medicines come late to the ward on the day of discharge.",
        readers=Readers.REGISTERED,
    )
    browser = as_(nurse)
    path = f"/ideas/campaigns/{campaign.id}"
    checked = text_of(browser.post(f"{path}/similar", data=FORM))
    assert "Medicines ready the evening before" in checked
    assert "Bicycles for porters" not in checked
    assert "People wait for medicines on the day of discharge" in checked
    part = browser.post(f"{path}/similar?part=1", data=FORM).get_json()["part"]
    assert "Medicines ready the evening before" in part
    asked = text_of(browser.post(f"{path}/new", data=FORM))
    assert "Is yours one of these?" in asked
    assert "Nothing is posted yet" in asked
    assert FORM["words"] in asked
    assert browser.post(f"{path}/new", data={**FORM, "looked": "seen"}).status_code == 302
    assert session.scalar(select(func.count(Idea.id))) == 3


def test_what_the_writer_may_not_read_is_not_shown_as_similar(session, cast, as_, nurse, campaign):
    secret = makers.campaign(cast.other_hin, "Inside", audience="organisation")
    makers.idea(secret, cast.other_hin)
    draft = rows.challenge("Medicines late", of=cast.other_ics, state="draft", problem="Medicines")
    page = text_of(as_(nurse).post(f"/ideas/campaigns/{campaign.id}/similar", data=FORM))
    assert "Nothing that you may read looks similar" in page
    assert draft.title not in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("problem", "Mr X, NHS number 943 476 5919, waited", "must not contain an NHS number"),
        ("words", "Ring me on 07700 900123", "must not contain a telephone number"),
        ("benefit", "Write to ann@example.org", "must not contain an email address"),
        ("words", "a.org b.org c.org d.org http://e.org", "no more than 3 web addresses"),
    ],
)
def test_personal_data_and_many_links_are_refused_beside_the_field(
    session, as_, nurse, campaign, field, typed, said
):
    page = text_of(
        as_(nurse).post(f"/ideas/campaigns/{campaign.id}/new", data={**FORM, field: typed})
    )
    assert said in page
    assert typed.split(",")[0] in page
    assert session.scalars(select(Idea)).all() == []


def test_a_first_idea_with_a_link_and_repeated_words_are_held(session, cast, nurse, campaign):
    linked = makers.idea(campaign, nurse, words="See https://example.org for more")
    assert linked.state is IdeaState.HELD
    assert "first idea" in linked.held_why
    assert makers.idea(campaign, nurse, words="Second thought").state is IdeaState.POSTED
    assert makers.idea(campaign, nurse, words="See example.org").state is IdeaState.POSTED
    repeated = makers.idea(campaign, nurse, words="Second thought")
    assert "same words" in repeated.held_why
    assert f"An idea to look over: {linked.title}" in inbox(session, cast.ics.user)


def test_where_all_are_looked_over_first_others_do_not_read_it(session, cast, as_, nurse):
    campaign = makers.campaign(cast.ics, moderation=Moderation.BEFORE)
    idea = makers.idea(campaign, nurse)
    assert idea.state is IdeaState.HELD
    assert idea.due_on is not None
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}").status_code == 404
    assert "waits to be looked over" in text_of(as_(nurse).get(f"/ideas/{idea.id}"))
    assert makers.idea(campaign, cast.ics).state is IdeaState.POSTED
    as_(cast.ics).post(f"/ideas/{idea.id}/release", data={"version": idea.version})
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}").status_code == 200
    assert f"Your idea is posted: {idea.title}" in inbox(session, nurse.user)


def test_its_author_changes_and_takes_it_back_until_it_is_looked_at(
    session, cast, as_, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    browser = as_(nurse)
    page = text_of(browser.get(f"/ideas/{idea.id}/edit"))
    assert makers.WORDS in page
    old = idea.version
    changed = {**FORM, "words": "In the afternoon instead", "version": old}
    assert browser.post(f"/ideas/{idea.id}/edit", data=changed).status_code == 302
    stale = browser.post(f"/ideas/{idea.id}/edit", data={**changed, "words": "From another tab"})
    assert stale.status_code == 409
    assert "From another tab" in text_of(stale)
    session.expire_all()
    with pytest.raises(Outdated):
        posting.withdraw(idea=idea, version=old, by=nurse.actor)
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}/edit").status_code == 403
    browser.post(f"/ideas/{idea.id}/withdraw", data={"version": idea.version})
    assert as_(cast.other_ics).get(f"/ideas/{idea.id}").status_code == 404
    assert as_(cast.ics).get(f"/ideas/{idea.id}").status_code == 404
    assert browser.get(f"/ideas/{idea.id}").status_code == 200


def test_a_campaign_takes_ideas_on_its_days_only(session, cast, as_, nurse):
    over = makers.campaign(cast.ics, opens_on=today().replace(year=2020), closes_on=today())
    over.closes_on = over.opens_on
    session.flush()
    with pytest.raises(Invalid):
        makers.idea(over, nurse)
    assert as_(nurse).get(f"/ideas/campaigns/{over.id}/new").status_code == 409


def test_one_supports_once_takes_it_back_and_never_ones_own(session, cast, as_, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    browser = as_(cast.other_ics)
    browser.post(f"/ideas/{idea.id}/support")
    browser.post(f"/ideas/{idea.id}/support")
    count = select(func.count()).select_from(IdeaSupporter)
    assert session.scalar(count) == 1
    assert "1 person supports it" in text_of(browser.get(f"/ideas/{idea.id}"))
    browser.post(f"/ideas/{idea.id}/unsupport")
    assert session.scalar(count) == 0
    with pytest.raises(Forbidden):
        together.support(idea=idea, by=nurse.actor)


def test_who_joins_is_named_and_follows_where_others_may(session, cast, as_, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    alone = makers.idea(campaign, nurse, may_join=False, words="Alone")
    other = as_(cast.other_ics)
    other.post(f"/ideas/{idea.id}/join")
    page = text_of(other.get(f"/ideas/{idea.id}"))
    assert "Nell Shaw and Otto Lane" in page
    assert f"A co-author of your idea: {idea.title}" in inbox(session, nurse.user)
    assert other.post(f"/ideas/{alone.id}/join").status_code == 403
    other.post(f"/ideas/{idea.id}/leave")
    assert "Nell Shaw and" not in text_of(other.get(f"/ideas/{idea.id}"))


def test_comments_reach_who_follows_and_hold_no_telephone_number(
    session, cast, as_, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    other = as_(cast.other_ics)
    refused = text_of(
        other.post(f"/ideas/{idea.id}/comments", data={"body": "Ring 020 7946 0000 please"})
    )
    assert "must not contain a telephone number" in refused
    other.post(f"/ideas/{idea.id}/follow")
    as_(nurse).post(f"/ideas/{idea.id}/comments", data={"body": "We tried it on two wards."})
    assert inbox(session, cast.other_ics.user) == [f"A comment on an idea: {idea.title}"]
    listed = text_of(other.get("/ideas"))
    assert "1 unread" in listed
    other.post(f"/ideas/{idea.id}/unfollow")
    as_(nurse).post(f"/ideas/{idea.id}/comments", data={"body": "And on a third."})
    assert len(inbox(session, cast.other_ics.user)) == 1
