"""One of everything that a route can name, for the table of access.

A path in `access.csv` names rows by these keys: `/innovations/{draft}`. `innovator` of the cast
owns the innovations, `ics` states the challenges, `hin` is the HIN that engages.
"""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask_security.confirmable import generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from portal.accounts.models import Invitation, MembershipState, Role
from portal.accounts.models.approvals import Approval, ApprovalKind
from portal.accounts.models.factors import Passkey
from portal.accounts.models.identities import Identity
from portal.accounts.models.terms import TermsAudience, TermsVersion
from portal.accounts.models.tokens import ApiToken
from portal.accounts.rules import hashed
from portal.accounts.services import open_session
from portal.accounts.services.addresses import address_token
from portal.accounts.services.merging import merge_organisations
from portal.adoption.services import lists
from portal.adoption.services.sheets import open_sheet
from portal.answers.services import talking
from portal.api.models import Webhook
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.services import calls
from portal.challenges.services.calls import ask as ask_about
from portal.clock import PartialDate, now, today
from portal.community.models import Audience as IdeaAudience
from portal.community.models import ReportReason
from portal.community.services import campaigns, together
from portal.community.services.moderating import appeal
from portal.db import Base, db
from portal.desk.rules import MessageText
from portal.desk.services.messages import save_template
from portal.exchange.models import ContentKind
from portal.exchange.models.areas import AreaFact, FactKind
from portal.exports.models import ExportFile
from portal.exports.rules import EXPORTS
from portal.exports.services.publishing import Content, publish
from portal.files import put
from portal.impact.models import Cash, Effect, EventKind
from portal.impact.rules.given import ReturnAnswers
from portal.impact.services.estimates import save_estimate
from portal.impact.services.events import tell
from portal.imports.models import ImportMemory, ImportState, Verdict
from portal.imports.rules.rows import RowVerdict
from portal.imports.services import files as imports
from portal.imports.services.directory import receive
from portal.imports.services.rows import keep_judged
from portal.improvement.models import Decision, MarkKind
from portal.improvement.rules.survey_templates import ASSESSMENT
from portal.improvement.serialise.surveys import key_of
from portal.improvement.services.copying import copy_diagram, link_record
from portal.improvement.services.joining import join
from portal.improvement.services.surveys import close_survey
from portal.innovations.models import (
    CollaboratorInvitation,
    DuplicatePair,
    Innovation,
    RecordReminder,
    RecordStatus,
    Sharing,
    StandardHeld,
    StandardStatus,
    Transfer,
)
from portal.innovations.services.merging import merge_records
from portal.introductions.models import Circle, Introduction, Timescale
from portal.introductions.services.asking import agree, ask
from portal.introductions.services.brokering import accept, take
from portal.introductions.services.writing import write
from portal.matching.engine import Pairing, Reasons
from portal.matching.models import Readership, UnmetNeed
from portal.matching.services import store
from portal.matching.services.enquiries import ask_hin
from portal.pages.models import Announcement
from portal.pages.models import Audience as AnnouncedTo
from portal.pages.models import Place as AnnouncedAt
from portal.programmes.models import Programme
from portal.programmes.services.community import write as write_to_community
from portal.programmes.services.lists import name_list
from portal.proof.models import ValidationState
from portal.proof.services.milestones import tick
from portal.proof.services.validations import add_validation, complete
from portal.reference.models import Site, SiteKind, Vocabulary
from portal.reference.rules import Quarter
from portal.saved.models import SavedView, Shared
from portal.search.models import SavedSearch, SearchGap
from portal.support.models import (
    Assignee,
    ClosingReason,
    Engagement,
    HelperKind,
    InteractionKind,
    ProposalKind,
    TaskFile,
)
from portal.support.queries import engagement_of
from portal.support.queries.directory import directory
from portal.support.queries.surveys import surveys_waiting
from portal.support.services.closing import close
from portal.support.services.directory import load as load_directory
from portal.support.services.engagements import pick_up
from portal.support.services.interactions import InteractionDetails, log
from portal.support.services.outcomes import engage
from portal.support.services.partnerships import agree as agree_partnership
from portal.support.services.proposals import propose
from portal.support.services.tasks import open_task
from tests import makers
from tests.answers import makers as answers
from tests.cast import Cast
from tests.community import makers as ideas
from tests.exchange import makers as exchange
from tests.exchange.test_content import PNG
from tests.impact import makers as returned
from tests.improvement import makers as improving
from tests.improvement import plotting as plotted
from tests.programmes import makers as spread
from tests.reports import makers as reporting


def _to_come() -> TermsVersion:
    """Terms of use that hold for nobody yet."""
    day = today() + timedelta(days=30)
    return TermsVersion(audience=TermsAudience.ICS, number=1, from_on=day, words="Be kind")


def build(cast: Cast) -> dict[str, object]:
    """Make the rows; returns what each key of a path stands for."""
    owner = cast.innovator
    innovation = {
        "draft": makers.innovation("Drafted", of=owner, status=RecordStatus.DRAFT),
        "hins": makers.innovation("Shared with HINs", of=owner, sharing=Sharing.HINS),
        "icss": makers.innovation("Shared with ICSs", of=owner, sharing=Sharing.HINS_AND_ICSS),
        "public": makers.innovation("Public", of=owner, sharing=Sharing.PUBLIC),
        "archived": makers.innovation("Archived", of=owner, status=RecordStatus.ARCHIVED),
    }
    found = makers.evidence("What was found", of=innovation["hins"])
    shown = makers.evidence("What all may read", of=innovation["public"])
    day = RecordReminder(
        user_id=cast.hin.user.id,
        innovation_id=innovation["icss"].id,
        on=today() + timedelta(days=30),
        words="Ask again",
    )
    files = {
        "record_reminder": makers.put(day).id,
        "terms_version": makers.put(_to_come()).id,
        "file": makers.evidence_file(of=innovation["hins"], evidence_id=found.id).id,
        "open_file": makers.evidence_file(of=innovation["public"], evidence_id=shown.id).id,
        "draft_file": makers.evidence_file(of=innovation["hins"]).id,
    }
    asked = _asked(cast, innovation)
    challenge = {
        "unposted": makers.challenge("Unposted", of=cast.ics, state=ChallengeState.DRAFT),
        "nhs": makers.challenge("For the NHS", of=cast.ics, readers=Readers.NHS),
        "open_to_all": makers.challenge("For industry", of=cast.ics, readers=Readers.PUBLIC),
        "of_two": makers.challenge("Two have it", of=cast.ics, readers=Readers.NHS),
    }
    written = _written_between(cast, challenge["of_two"])
    more_facts = {
        "area_fact": AreaFact(
            ics_id=cast.ics.actor.ics_id, kind=FactKind.PRIORITY, position=1, words="Warm homes"
        )
    }
    makers.put(more_facts["area_fact"])
    matched = _matched(cast, challenge["open_to_all"], innovation["public"])
    more = (
        matched | written | more_facts | {"term": makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_2")}
    )
    account = _accounts(cast)
    adopted = _adoption(cast, innovation["icss"])
    db.session.commit()
    rows = innovation | challenge | asked | more
    ids = {name: row.id for name, row in (rows | _searches(cast)).items()}
    others = _support(cast) | _introductions(cast) | _imports(cast) | _exports(cast)
    others |= _answers(cast, innovation["icss"]) | _ideas(cast)
    others |= adopted | _programmes(cast, innovation["icss"], adopted["eligible"])
    others |= _improvement(cast, innovation["public"]) | _impact(cast) | _reports(cast)
    others |= _exchange(cast) | _directory()
    return ids | files | account | others | _merges(cast)


def _impact(cast: Cast) -> dict[str, int]:
    """A return that the HIN's company is asked for, one that it handed in, and an estimate."""
    year = today().year - (today().month < 4) - 1
    in_year = date(year, 11, 5)
    returned.supported(cast.innovator, (cast.hin, 30), on=in_year, name="Of last year")
    before = date(year - 1, 11, 5)
    returned.supported(cast.innovator, (cast.hin, 30), on=before, name="Of the year before")
    asked = returned.campaign(cast.national, year=year)
    earlier = returned.campaign(cast.national, year=year - 1)
    open_row = returned.of(cast.innovator.organisation, asked)
    done = returned.of(cast.innovator.organisation, earlier)
    given = ReturnAnswers(jobs_created=1.0, jobs_safeguarded=0.0, share_owed=50, may_publish=False)
    returned.handed_in(done, cast.innovator, given)
    programme = spread.programme("Modelled", is_public=True, by=cast.national)
    estimate = save_estimate(
        estimate=None,
        programme_id=programme.id,
        effect=Effect.CALLS,
        value=12.0,
        model="Matched controls",
        period="2025-26",
        cash=Cash.NOT,
        by=cast.national.actor,
    )
    won = tell(
        kind=EventKind.AWARD,
        title="Won something",
        day=PartialDate(today()),
        hin_id=cast.hin.actor.hin_id,
        by=cast.hin.actor,
    )
    db.session.commit()
    return {
        "impact_event": won.id,
        "return_campaign": asked.id,
        "company_return": open_row.id,
        "handed_return": done.id,
        "estimate": estimate.id,
    }


def _answers(cast: Cast, record: Innovation) -> dict[str, int]:
    """A call that is open with a question, one that has closed, one not published; and an answer of
    the innovator's at each state, in a thread of one of them a file, two of whom assess."""
    titles = ("Open call", "Closed call", "Unpublished call", "Asked plainly")
    titles += ("Passed on", "Assessors to come")
    asked = {title: answers.stated(cast, title) for title in titles}
    opened, closed = (answers.published(asked[title], cast.ics) for title in titles[:2])
    ask_about(call=opened, question="May it use wifi?", by=cast.other_innovator.actor)
    calls.write(
        challenge=asked["Unpublished call"], terms=answers.terms(), version=0, by=cast.ics.actor
    )
    sent = {
        "answer_draft": answers.drafted(asked["Open call"], record, cast.innovator),
        "answer_closed": answers.sent(asked["Closed call"], record, cast.innovator),
        "answer_at_hin": answers.sent(asked["Asked plainly"], record, cast.innovator),
        "answer_passed": answers.sent(asked["Passed on"], record, cast.innovator),
    }
    answers.passed_on(sent["answer_passed"], cast.hin)
    part = answers.assessor(asked["Passed on"], cast.ics, cast.ics)
    waits = answers.sent(asked["Assessors to come"], record, cast.innovator)
    answers.passed_on(waits, cast.hin)
    answers.assessor(asked["Assessors to come"], cast.ics, cast.ics)
    file = (BytesIO(b"Wards"), "wards.txt")
    message = talking.write(
        answer=sent["answer_passed"], body="Which wards?", file=file, by=cast.ics.actor
    )
    answers.closed(closed)
    db.session.commit()
    return {
        **{name: row.id for name, row in sent.items()},
        "call_open": asked["Open call"].id,
        "call_closed": asked["Closed call"].id,
        "call_unpublished": asked["Unpublished call"].id,
        "call_question": opened.questions[0].id,
        "answered": asked["Passed on"].id,
        "not_assessed": asked["Assessors to come"].id,
        "answer_assessor": part.id,
        "answer_file": message.files[0].id,
    }


def _ideas(cast: Cast) -> dict[str, int]:
    """A campaign with a guest, one that its own organisation reads; ideas of the other ICS at each
    state, with a comment, a file, a report and an appeal."""
    found = ideas.one_of_each(cast)
    inside = ideas.campaign(cast.ics, "Inside", audience=IdeaAudience.ORGANISATION)
    campaigns.invite(campaign=inside, emails=["guest@example.org"], by=cast.ics.actor)
    file = (BytesIO(b"Wards"), "wards.txt")
    by = cast.other_ics.actor
    message = together.comment(idea=found["posted"], body="We did so.", file=file, by=by)
    reason = ReportReason.FALSE
    report = together.report(idea=found["posted"], message=message, reason=reason, words="", by=by)
    appeal(idea=found["removed"], words="It tells of nobody.", by=by)
    db.session.commit()
    return {
        **{f"idea_{name}": idea.id for name, idea in found.items()},
        "idea_campaign": found["posted"].campaign_id,
        "idea_campaign_inside": inside.id,
        "idea_guest": inside.guests[0].id,
        "idea_message": message.id,
        "idea_file": message.files[0].id,
        "idea_report": report.id,
    }


def _merges(cast: Cast) -> dict[str, int]:
    """Two records made one, two of two organisations whose people are asked, a pair of the list,
    and two organisations that are one."""
    one, other, third = (makers.innovation(f"Twin {n}", of=cast.innovator) for n in (1, 2, 3))
    theirs = makers.innovation("Twin 4", of=cast.other_innovator)
    done = merge_records(one=one, another=other, why="The same.", chosen=(), by=cast.hin.actor)
    asked = merge_records(one=third, another=theirs, why="Same?", chosen=(), by=cast.hin.actor)
    pair = DuplicatePair(one_id=one.id, other_id=theirs.id, score=0.9, reasons=["the same name"])
    kept, was = (makers.organisation(f"Lantern {end}") for end in ("Health", "Health Ltd"))
    by = cast.administrator.actor
    united = merge_organisations(kept=kept, other=was, why="The same.", by=by)
    makers.put(pair)
    db.session.commit()
    return {
        "merge": done.id,
        "merged": other.id,
        "merge_asked": asked.id,
        "pair": pair.id,
        "united": united.id,
        "united_was": was.id,
        "united_is": kept.id,
    }


EMPTY_ZIP = b"PK\5\6" + bytes(18)


def _exports(cast: Cast) -> dict[str, int]:
    """An export of everything, and one that the HIN had made of its own."""
    whole, own = (
        makers.put(
            ExportFile(
                by_id=by.user.id,
                organisation_id=organisation_id,
                stored=put(EMPTY_ZIP, room=EXPORTS),
                size=len(EMPTY_ZIP),
                rows=0,
                files=0,
            )
        )
        for by, organisation_id in (
            (cast.administrator, None),
            (cast.hin, cast.hin.organisation.id),
        )
    )
    keep = Content("innovations.csv", "text/csv", b"id,name\r\n")
    publish([keep])
    db.session.commit()
    return {"export_whole": whole.id, "export_own": own.id}


def _adoption(cast: Cast, innovation: Innovation) -> dict[str, int]:
    """A list with one place in the HIN's area, the HIN's sheet of it, and a group of products."""
    by = cast.national.actor
    site = makers.put(
        Site(
            code="RWD",
            kind=SiteKind.TRUST,
            name="Coventry Example Trust",
            commissioner_ics_id=makers.ics("QWU").id,
        )
    )
    eligible = lists.make_list(name="Trusts", innovation=innovation, by=by)
    lists.add_places(eligible=eligible, site_ids=[site.id], since=today(), by=by)
    members = [innovation, makers.innovation("Its rival", of=cast.innovator, opens=False)]
    group = lists.make_group(name="Both", definition="", members=members, since=today(), by=by)
    sheet = open_sheet(
        eligible=eligible,
        hin_id=cast.hin.actor.hin_id or 0,
        quarter=Quarter.of(today()),
        by=cast.hin.actor,
    )
    return {
        "adopting_site": site.id,
        "eligible": eligible.id,
        "product_group": group.id,
        "sheet": sheet.id,
    }


def _programmes(cast: Cast, innovation: Innovation, list_id: int) -> dict[str, int]:
    """A public programme with one of everything, the HIN's own, and one that is for staff."""
    spread.choosing()
    programme = spread.programme("Breath tests", is_public=True, by=cast.national)
    hidden = spread.programme("Not yet told", by=cast.national)
    product = spread.product("Breathwell", of=programme, by=cast.national)
    spread.product("Adopted", of=programme, by=cast.national, record=innovation)
    counted = name_list(programme=programme, list_id=list_id, by=cast.national.actor)
    value = spread.value(70, of=programme, product=product, by=cast.hin)
    plan = spread.trajectory(80, of=programme, product=product, by=cast.national)
    aim = spread.aim("All practices test", of=programme, by=cast.national)
    notes = {kind: spread.note(kind, of=programme, by=cast.hin) for kind in ("plan", "risk")}
    step = spread.step("Train ten practices", of=programme, by=cast.hin)
    review = spread.handed_in(of=programme, by=cast.hin)
    measure = plotted.measure(of=programme, by=cast.national)
    plotted.measure("Temperature kept", of=programme, by=cast.national, bundle=measure)
    series = plotted.counted([(28, 40), (31, 40), (3, 40)], of=measure, by=cast.hin)
    marked = plotted.mark(MarkKind.STEP, of=measure, by=cast.hin, series=series)
    rows = {"programme": programme, "hidden_programme": hidden, "programme_value": value}
    rows["programme_list"] = counted
    rows |= {"measure": measure, "measure_mark": marked}
    rows |= {"programme_aim": aim, "trajectory": plan, "programme_plan": notes["plan"]}
    rows |= {"programme_risk": notes["risk"], "delivery_step": step, "quarter_review": review}
    to = spread.fund_round(of=programme, by=cast.national)
    rows |= {"fund_round": to, "fund_application": spread.application("Elm", to=to, by=cast.hin)}
    won = spread.award("Oak", 900, to=to, by=cast.hin, decided_by=cast.national)
    rows |= {"fund_award": won} | _proposals(cast) | _together(cast, programme)
    return {name: row.id for name, row in rows.items()}


def _improvement(cast: Cast, innovation: Innovation) -> dict[str, Any]:
    """A public diagram of the nation's, a copy that the HIN leads, its team, cycles and network."""
    public = improving.programme(by=cast.national, is_public=True)
    shown = improving.diagram(by=cast.national, of=public)
    idea = improving.node("Huddle", into=shown, by=cast.national, idea=True)
    link = link_record(node=idea, innovation=innovation, by=cast.national.actor)
    chart = plotted.measure("Huddles held", of=public, by=cast.national)
    join(node=idea, measure=chart, by=cast.national.actor)
    copy = copy_diagram(diagram=shown, name="Safer wards here", by=cast.hin.actor)
    team = improving.team(of=public, by=cast.hin, node=idea)
    done = improving.decided(
        improving.cycle(of=team, about=idea, by=cast.hin), Decision.ADAPT, by=cast.hin
    )
    rows = {
        "safety_programme": public,
        "driver_bare": improving.programme("Without a diagram", by=cast.national),
        "driver_diagram": shown,
        "driver_copy": copy,
        "driver_node": idea,
        "driver_link": link,
        "driver_chart": chart,
        "testing_team": team,
        "pdsa_done": done,
        "pdsa_open": improving.cycle(of=team, about=idea, by=cast.hin),
        "stakeholder_kind": improving.kind(of=public, total=40, by=cast.national),
        "safety_network": improving.network(of=public, by=cast.hin),
        "improvement_lesson": improving.lesson(of=public, by=cast.hin),
    } | _surveys(cast, public)
    key = key_of(rows["survey_place"].id)
    db.session.commit()
    return {name: row.id for name, row in rows.items()} | {
        "driver_ours": improving.leaf(copy.id),
        "survey_key": key,
    }


def _surveys(cast: Cast, programme: Programme) -> dict[str, Base]:
    """Two surveys of the HIN's at one place: an open one of people and a closed one of places."""
    home = makers.put(Site(code="S10001", name="Survey House", kind=SiteKind.CARE_HOME))
    still = improving.survey(of=programme, by=cast.hin)
    over = improving.survey(of=programme, by=cast.hin, template=ASSESSMENT, name="How far?")
    place = improving.asked(still, home, by=cast.hin)
    improving.answered(improving.asked(over, home, by=cast.hin))
    close_survey(survey=over, by=cast.hin.actor)
    return {"survey_open": still, "survey_closed": over, "survey_place": place}


def _exchange(cast: Cast) -> dict[str, int]:
    """An item of the HIN in work, and one of each state and an event that everybody reads."""
    draft = exchange.draft(ContentKind.CASE_STUDY, by=cast.hin, title="Written by West Midlands")
    sent = exchange.step(exchange.draft(by=cast.hin, title="To review"), "send", by=cast.hin)
    pictured = exchange.draft(ContentKind.RESOURCE, by=cast.hin, title="With a picture")
    exchange.pictured(pictured, PNG, by=cast.hin)
    exchange.step(pictured, "send", by=cast.hin)
    out = exchange.step(pictured, "publish", by=cast.national)
    times = {"starts_at": now() + timedelta(days=5)}
    told = {"by": cast.hin, "second": cast.national}
    event = exchange.published(ContentKind.EVENT, title="A webinar", **told, **times)
    rows = {
        "content_draft": draft,
        "content_result": draft.results[0],
        "content_sent": sent,
        "content_out": out,
        "content_picture": out.pictures[0],
        "content_event": event,
    }
    db.session.commit()
    return {name: row.id for name, row in rows.items()}


def _reports(cast: Cast) -> dict[str, Any]:
    """England's report of a year in work, and the HIN's own quarter, which is published."""
    nation = reporting.report(by=cast.national, outline="annual")
    part = reporting.section(nation, "overall")
    comment = reporting.commented(part, by=cast.hin)
    own = reporting.report(by=cast.hin, outline="network")
    photo = reporting.photographed(own, PNG, by=cast.hin)
    texts = {"highlights": f"In all {{figure:companies}}.\n\n{{photo:{photo.id}}}"}
    reporting.published(reporting.approved(own, by=cast.hin, texts=texts), by=cast.hin)
    signed = reporting.signed_off(own, by=cast.hin)
    rows = {
        "report_reader": reporting.early(own, by=cast.hin, reader=cast.ics),
        "report_england": nation,
        "report_part": part,
        "report_comment": comment,
        "report_own": signed,
        "report_photo": photo,
        "report_own_part": reporting.section(own, "risks"),
    }
    db.session.commit()
    return {name: row.id for name, row in rows.items()} | {"report_slug": own.slug}


def _together(cast: Cast, programme: Programme) -> dict[str, Any]:
    """An event of the HIN, what it found with a synthesis, and a file of the community."""
    found = spread.intervention(of=programme, by=cast.hin)
    file = (BytesIO(b"Beds"), "beds.txt")
    told = write_to_community(programme=programme, body="Hello.", by=cast.hin.actor, file=file)
    return {
        "programme_event": spread.event(of=programme, by=cast.hin),
        "intervention": found,
        "synthesis": spread.synthesis(of=found, by=cast.hin),
        "programme_file": told.files[0],
    }


def _proposals(cast: Cast) -> dict[str, Any]:
    """A proposal that the HIN assesses and has yet to score, and one that all have scored."""
    waiting = spread.proposal(by=cast.national)
    part = spread.assessor(cast.hin, of=waiting, by=cast.national)
    ready = spread.proposal("Scored by all", by=cast.national)
    asked = (cast.hin, cast.other_hin)
    parts = [(one, spread.assessor(one, of=ready, by=cast.national)) for one in asked]
    for one, mine in parts:
        spread.scored(one, 3, part=mine)
    return {"waiting_proposal": waiting, "proposal_assessor": part, "scored_proposal": ready}


def _imports(cast: Cast) -> dict[str, int]:
    """Files that the HIN sent: one with its sheet to choose, one matched, one looked at."""
    header = ["Ref", "Company", "Product", "Type"]
    data = b"Ref,Company,Product,Type\nA1,Lantern,Nightlight,Gadget\n"
    sent, matched, looked_at = (
        imports.begin(kind="innovations", name="crm.csv", data=data, source="", by=cast.hin.actor)
        for _ in range(3)
    )
    mapping = {"external_key": 0, "organisation": 1, "name": 2, "category": 3}
    for importing in (matched, looked_at):
        imports.choose_sheet(
            importing=importing, sheet="", header_row=1, header=header, mapping=mapping
        )
    looked_at.state = ImportState.CHECKED
    judged = RowVerdict(verdict=Verdict.NEW, name="Nightlight")
    cells = ["A1", "Lantern", "Nightlight", "Gadget"]
    row = keep_judged(importing=looked_at, line=2, cells=cells, judged=judged)
    imports.remember(looked_at, {"": {"product": "name"}})
    remembered = db.session.scalars(select(ImportMemory)).one()
    db.session.commit()
    return {
        "import_sent": sent.id,
        "import_matched": matched.id,
        "import_looked_at": looked_at.id,
        "import_row": row.id,
        "import_memory": remembered.id,
        "directory_file": _directory_file(cast),
    }


def _directory_file(cast: Cast) -> int:
    """A file of the national directory that the administrator sent, and that waits to be read."""
    file = receive(
        data=b'"R1A"',
        name="etr.csv",
        report="",
        on=today(),
        is_part=False,
        may_shrink=False,
        by=cast.administrator.actor,
    )
    db.session.commit()
    return file.id


def _written_between(cast: Cast, challenge: Challenge) -> dict[str, Any]:
    """A message with a file about a challenge that another ICS joined."""
    challenges.join(challenge=challenge, by=cast.other_ics.actor)
    file = (BytesIO(b"Beds"), "beds.txt")
    message = challenges.write(
        challenge=challenge, body="We tried beds.", file=file, by=cast.other_ics.actor
    )
    return {"challenge_file": message.files[0]}


def _searches(cast: Cast) -> dict[str, Any]:
    """What somebody of the ICS saved, and looked for in vain."""
    asked = {"words": "heart", "filters": "", "asked": "q=heart"}
    gap = SearchGap(note="Help at home", hin_id=cast.hin.actor.hin_id, **asked)
    mine = cast.ics.user.id
    rows = {
        "gap": makers.put(gap),
        "view": makers.put(
            SavedView(
                user_id=mine,
                organisation_id=cast.ics.organisation.id,
                name="By stage",
                asked="row=stage&column=proven",
                shared=Shared.ORGANISATION,
            )
        ),
        "nations_view": makers.put(
            SavedView(user_id=mine, name="For all", asked="", shared=Shared.NATION)
        ),
        "saved": makers.put(SavedSearch(user_id=mine, name="Heart", asked="q=heart")),
    }
    db.session.commit()
    return rows


def _matched(cast: Cast, challenge: Challenge, innovation: Innovation) -> dict[str, Any]:
    """Store the match of a challenge with an innovation, and what nothing fits."""
    pairing = Pairing(challenge.id, innovation.id, 1, 0.5, Reasons())
    store(challenge_id=challenge.id, by_readership={Readership.PROMISING_ICS: [pairing]})
    unmet = UnmetNeed(
        challenge_id=challenge.id, organisation_id=challenge.organisation_id, note="Something else"
    )
    enquiry = ask_hin(note="Anything for falls?", by=cast.ics.actor)
    return {"unmet": makers.put(unmet), "enquiry": enquiry}


def _support(cast: Cast) -> dict[str, object]:
    """A record that the HIN reads and one that it supports, with what it recorded there."""
    assessing = makers.innovation("Being read", of=cast.innovator)
    engaging = makers.innovation("Supported", of=cast.innovator)
    for record in (assessing, engaging):
        found = engagement_of(record.id, cast.hin.actor.hin_id)
        assert found is not None
        pick_up(engagement=found, version=found.version, by=cast.hin.actor)
    engage(
        engagement=found,
        version=found.version,
        level=2,
        lead_id=cast.hin.user.id,
        message="Welcome.",
        by=cast.hin.actor,
    )
    validation = add_validation(
        innovation=engaging,
        by=cast.hin.actor,
        question="Does it help?",
        state=ValidationState.PLANNED,
    )
    tried = _tried(engaging, cast)
    interaction = log(
        engagements=[found],
        details=InteractionDetails(
            kind=InteractionKind.CALL,
            on=today(),
            minutes=60,
            kind_ids=[makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id],
        ),
        by=cast.hin.actor,
    )
    for code in ("PROTOTYPE", "PPI_DONE"):
        milestone = makers.term(Vocabulary.MILESTONE, code)
        told = {"on": today(), "evidence": "Seen.", "by": cast.hin.actor}
        tick(innovation=engaging, milestone=milestone, **told)
    proposal = propose(
        innovation=engaging,
        kind=ProposalKind.JOINT,
        to_hin_id=cast.other_hin.actor.hin_id,
        words="One of your systems asked for it.",
        by=cast.hin.actor,
    )
    template = save_template(
        name="Hello", words=MessageText("Hello", "Dear {owner}, hello."), by=cast.hin.actor
    )
    dtac = makers.term(Vocabulary.STANDARD, "DTAC")
    standard = StandardHeld(standard=dtac, status=StandardStatus.YES)
    engaging.standards.append(standard)
    db.session.commit()
    return {
        "assessing": assessing.id,
        "engaging": engaging.id,
        "their_hin": cast.hin.actor.hin_id,
        "validation": validation.id,
        **tried,
        "survey": _closed("Let go", cast),
        "other_survey": _closed("Let go too", cast),
        **_talked(found, cast),
        "interaction": interaction.id,
        "standard": standard.id,
        "proposal": proposal.id,
        "template": template.id,
    }


def _directory() -> dict[str, object]:
    """The support directory, an entry of a national partner in it, and an announcement."""
    load_directory()
    partner, *_ = directory(HelperKind.NATIONAL)
    row = Announcement(
        title="Closed on Sunday",
        words="For two hours.",
        place=AnnouncedAt.SIGN_IN,
        audience=AnnouncedTo.EVERYONE,
        from_on=today(),
        until_on=today(),
    )
    makers.put(row)
    return {"directory_entry": partner.id, "announcement": row.id}


def _talked(engagement: Engagement, cast: Cast) -> dict[str, object]:
    """A task of the innovator's with a file, and a strategic partnership of another record."""
    task = open_task(
        engagement=engagement,
        title="Your evidence",
        body="See the file.",
        assignee=Assignee.INNOVATOR,
        due_on=today(),
        file=(BytesIO(b"Notes"), "notes.txt"),
        by=cast.hin.actor,
    )
    record = makers.innovation("Partnered", of=cast.innovator)
    found = engagement_of(record.id, cast.hin.actor.hin_id)
    assert found is not None
    pick_up(engagement=found, version=found.version, by=cast.hin.actor)
    told = {"level": 4, "lead_id": cast.hin.user.id, "message": "Welcome."}
    engage(engagement=found, version=found.version, by=cast.hin.actor, **told)
    partnership = agree_partnership(
        engagement=found, version=0, aims="Ten sites", agreed_on=today(), by=cast.hin.actor
    )
    return {
        "task": task.id,
        "task_file": db.session.scalars(select(TaskFile.id)).one(),
        "partnered": record.id,
        "partnership": partnership.id,
    }


def _closed(name: str, cast: Cast) -> int:
    """A survey that the owner of a record whose support was closed has not answered yet."""
    record = makers.innovation(name, of=cast.innovator)
    found = engagement_of(record.id, cast.hin.actor.hin_id)
    assert found is not None
    pick_up(engagement=found, version=found.version, by=cast.hin.actor)
    told = {"level": 1, "lead_id": cast.hin.user.id, "message": "Welcome."}
    engage(engagement=found, version=found.version, by=cast.hin.actor, **told)
    close(
        engagement=found,
        version=found.version,
        reason=ClosingReason.DONE,
        summary="All of it.",
        next_step="Nothing.",
        by=cast.hin.actor,
    )
    waiting = surveys_waiting(cast.innovator.actor)
    return next(one.id for one in waiting if one.closing.engagement_id == found.id)


def _tried(record: Innovation, cast: Cast) -> dict[str, object]:
    """A validation that runs, and one that is completed and has a report."""
    told = {"question": "Does it help?", "from_on": today()}
    running, completed = (
        add_validation(innovation=record, by=cast.hin.actor, state=ValidationState.RUNNING, **told)
        for _ in range(2)
    )
    complete(
        validation=completed,
        version=completed.version,
        on=today(),
        is_positive=True,
        result="A third fewer.",
        file=(BytesIO(b"Report"), "report.txt"),
        by=cast.hin.actor,
    )
    return {"running": running.id, "completed": completed.id}


def _introductions(cast: Cast) -> dict[str, object]:
    """The ICS's introductions to the innovator, one at each state; the HIN takes part in all."""
    steps: list[Callable[[Introduction], object]] = [
        lambda one: take(introduction=one, version=one.version, by=cast.hin.actor),
        lambda one: accept(introduction=one, version=one.version, context="-", by=cast.hin.actor),
        lambda one: agree(
            introduction=one, version=one.version, message="", by=cast.innovator.actor
        ),
    ]
    found: dict[str, object] = {}
    for count, state in enumerate(("requested", "taken", "brokered", "agreed")):
        record = makers.innovation(
            f"Introduced {count}", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS
        )
        introduction = ask(
            innovation=record,
            challenge=None,
            purpose="To talk.",
            timescale=Timescale.MONTH,
            takes_part="Our lead",
            by=cast.ics.actor,
        )
        for step in steps[:count]:
            step(introduction)
        found[f"intro_{state}"] = introduction.id
    message = write(
        introduction=introduction,
        circle=Circle.EVERYONE,
        body="See the file.",
        file=(BytesIO(b"Notes"), "notes.txt"),
        by=cast.ics.actor,
    )
    db.session.commit()
    return {**found, "intro_file": message.files[0].id}


def _asked(cast: Cast, innovation: dict[str, Innovation]) -> dict[str, Any]:
    """Who was asked: `other_innovator` to work on the draft, `ics` to own it; somebody outside
    the cast works on the record that is shared with HINs."""
    by = cast.innovator
    address = cast.other_innovator.user.email
    return {
        "helper": makers.collaborator(innovation["hins"], makers.user("Helen Per")),
        "asked": makers.put(
            CollaboratorInvitation(
                innovation=innovation["draft"], email=address, invited_by=by.user
            )
        ),
        "offered": makers.put(
            Transfer(innovation=innovation["draft"], email=cast.ics.user.email, offered_by=by.user)
        ),
    }


def _accounts(cast: Cast) -> dict[str, object]:
    """What the pages of accounts name; `company` is led by the `innovator` of the cast."""
    company, hopeful = cast.innovator.organisation, makers.user("Hope Ful")
    request = makers.membership(hopeful, company, state=MembershipState.REQUESTED)
    other = open_session(user=cast.innovator.user, token="another browser")
    passkey = Passkey(
        user_id=cast.innovator.user.id, name="Laptop", credential_id="YQ", public_key=b"b"
    )
    approval = Approval(
        kind=ApprovalKind.FACTOR,
        subject="factor",
        user_id=cast.innovator.user.id,
        asked_by_id=cast.national.user.id,
        expires_at=now() + timedelta(days=7),
    )
    db.session.add_all([passkey, approval])
    invitation = Invitation(
        email="invited@example.org",
        organisation=company,
        role=Role.INNOVATOR,
        token_hash=hashed("invited"),
        expires_at=now() + timedelta(days=1),
    )
    unconfirmed = makers.user("Una Confirmed", confirmed_at=None)
    identity = Identity(
        user_id=cast.innovator.user.id, provider="works", issuer="https://works", subject="ida"
    )
    token = ApiToken(
        user_id=cast.innovator.user.id,
        membership_id=cast.innovator.membership.id,
        name="Spreadsheet",
        token_hash=hashed("of the table"),
        scopes=["read"],
        expires_at=now() + timedelta(days=7),
    )
    webhook = Webhook(
        user=cast.innovator.user,
        membership=cast.innovator.membership,
        url="https://example.org/hook",
        events=["challenge.opened"],
        salt="of the table",
    )
    db.session.add_all([invitation, identity, token, webhook])
    db.session.flush()
    return {
        "company": company.id,
        "staff_place": cast.hin.organisation.id,
        "request": request.id,
        "member": cast.colleague.membership.id,
        "session": other.id,
        "passkey": passkey.id,
        "approval": approval.id,
        "identity": identity.id,
        "api_token": token.id,
        "webhook": webhook.id,
        "invitation": invitation.id,
        "invitation_token": "invited",
        "user": cast.colleague.user.id,
        "address_token": address_token(cast.innovator.user, "new@example.org"),
        "confirm_token": generate_confirmation_token(unconfirmed),
        "reset_token": generate_reset_password_token(hopeful),
    }
