"""Which ids of a route a person may not know of, for `tests/crawl.py`.

`HIDDEN` has the rows that stand for themselves in an address, `PARTS` what belongs to another row
there. Written here once more in SQL, or by the room's own `visible_to`; `tests/house/test_crawl.py`
fails for an id in a route of which neither says anything.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from portal.accounts.models import Actor, Invitation, Membership, Organisation, User, UserSession
from portal.accounts.models.approvals import Approval
from portal.accounts.models.factors import Passkey
from portal.accounts.models.identities import Identity
from portal.accounts.models.terms import TermsVersion
from portal.accounts.models.tokens import ApiToken
from portal.accounts.queries.merging import may_merge
from portal.adoption.models import EligibleList, Sheet
from portal.adoption.models.lists import ProductGroup
from portal.answers.models import Answer, AnswerAssessor, AnswerFile, AnswerMessage
from portal.answers.queries import visible_to as answers_seen
from portal.api.models import Webhook
from portal.challenges.models import Challenge, ChallengeFile, ChallengeMessage
from portal.challenges.models.calls import CallQuestion
from portal.challenges.queries import visible_to as challenges_seen
from portal.community.models import Campaign, CampaignGuest, Idea, IdeaFile, IdeaMessage
from portal.community.models.moderation import IdeaReport
from portal.community.queries import campaign_visible_to as campaigns_seen
from portal.community.queries import standing_of
from portal.community.queries import visible_to as ideas_seen
from portal.db import Base
from portal.desk.models import MessageTemplate
from portal.exchange.models import ContentItem
from portal.exchange.models.areas import AreaFact
from portal.exchange.models.content import ContentPicture, ContentResult
from portal.exchange.queries.content import visible_to as content_seen
from portal.exports.models import ExportFile
from portal.impact.models import CompanyReturn, ImpactEvent, ReturnCampaign
from portal.impact.models.estimates import Estimate
from portal.impact.queries.returns import visible_to as returns_seen
from portal.imports.models import DirectoryFile, Import, ImportMemory, ImportRow
from portal.improvement.models import Diagram, ImprovementMeasure, Node, SafetyNetwork, Team
from portal.improvement.models.diagrams import NodeRecord
from portal.improvement.models.measures import MeasureMark, NodeChart
from portal.improvement.models.people import StakeholderKind
from portal.improvement.models.surveys import SiteSurvey, SurveyedPlace
from portal.improvement.models.teams import Cycle
from portal.innovations.models import (
    Collaborator,
    CollaboratorInvitation,
    EvidenceFile,
    Innovation,
    RecordReminder,
    StandardHeld,
    Transfer,
    Use,
)
from portal.innovations.models.duplicates import DuplicatePair
from portal.innovations.queries import visible_to as innovations_seen
from portal.introductions.models import Attachment, Introduction, IntroductionMessage
from portal.introductions.queries import visible_to as introductions_seen
from portal.jobs import Job
from portal.matching.models import HinEnquiry, UnmetNeed
from portal.merging import Merge
from portal.pages.models import Announcement
from portal.privacy.models import DataCopy
from portal.programmes.models import Programme
from portal.programmes.models import Proposal as NextProgramme
from portal.programmes.models.aims import Aim
from portal.programmes.models.community import ProgrammeEvent, ProgrammeFile, ProgrammeMessage
from portal.programmes.models.evaluation import Intervention, Synthesis
from portal.programmes.models.funds import FundApplication, FundRound
from portal.programmes.models.lists import ProgrammeList
from portal.programmes.models.measures import ProgrammeValue, Trajectory
from portal.programmes.models.notes import DeliveryStep, ProgrammeNote, QuarterReview
from portal.programmes.models.proposals import Assessor
from portal.programmes.queries import visible_to as programmes_seen
from portal.proof.models import Validation
from portal.reference.models import Ics, Term
from portal.reports.models import (
    Report,
    ReportComment,
    ReportEarlyReader,
    ReportPhoto,
    ReportSection,
)
from portal.saved.models import SavedView, Shared
from portal.search.models import SavedSearch, SearchGap
from portal.search.queries.gaps import visible_to as gaps_seen
from portal.support.models import (
    Engagement,
    Interaction,
    Partnership,
    Proposal,
    Survey,
    Task,
    TaskFile,
    TaskMessage,
)
from portal.support.queries.tasks import readable_by as tasks_seen

Hides = Callable[[Actor], ColumnElement[bool]]
Row = tuple[type[Base], Hides]


def _of_others(model: type[Any], column: str = "user_id") -> Row:
    return model, lambda actor: getattr(model, column) != actor.user_id


def _of_other_organisations(column: Any) -> Hides:
    return lambda actor: column != (actor.organisation_id or 0)


def _of_other_networks(column: Any) -> Hides:
    return lambda actor: column != (actor.hin_id or 0)


def _unless_administrator(hides: Hides) -> Hides:
    return lambda actor: false() if actor.is_administrator else hides(actor)


def _unless(may: Callable[[Actor], bool]) -> Hides:
    return lambda actor: false() if may(actor) else true()


def _but(seen: Callable[[Actor], Select[Any]], key: Any) -> Hides:
    """All but those whose ids a statement returns."""
    return lambda actor: key.not_in(seen(actor))


def _records(actor: Actor) -> ColumnElement[bool]:
    """What was made one with another record leads there, on purpose."""
    return ~innovations_seen(actor) & Innovation.merged_into_id.is_(None)


def _reads_networks(actor: Actor) -> bool:
    return actor.is_staff or actor.is_ics


def _reports(actor: Actor) -> ColumnElement[bool]:
    if actor.is_national:
        return true()
    if not actor.is_staff:
        return false()
    return or_(Report.hin_id.is_(None), Report.hin_id == actor.hin_id)


def _programmes(actor: Actor) -> Select[Any]:
    return select(Programme.id).where(programmes_seen(actor))


def _ideas(actor: Actor) -> Select[Any]:
    return select(Idea.id).join(Idea.campaign).where(ideas_seen(actor, standing_of(actor)))


def _campaigns(actor: Actor) -> Select[Any]:
    return select(Campaign.id).where(campaigns_seen(actor, standing_of(actor)))


def _tasks(actor: Actor) -> Select[Any]:
    joined = select(Task.id).join(Task.engagement).join(Engagement.innovation)
    return joined.where(tasks_seen(actor))


def _returns(actor: Actor) -> Select[Any]:
    from portal.clock import today

    joined = select(CompanyReturn.id).join(CompanyReturn.campaign)
    return joined.where(returns_seen(actor, today()))


def _diagrams(actor: Actor) -> Select[Any]:
    return select(Diagram.id).where(Diagram.programme_id.in_(_programmes(actor)))


def _sections(actor: Actor) -> Select[Any]:
    return select(ReportSection.id).join(ReportSection.report).where(_reports(actor))


def _exports(actor: Actor) -> ColumnElement[bool]:
    if actor.is_national or actor.is_administrator:
        return ExportFile.organisation_id.is_not(None)
    return or_(
        ExportFile.organisation_id.is_(None),
        ExportFile.organisation_id != (actor.organisation_id or 0),
    )


def _enquiries(actor: Actor) -> ColumnElement[bool]:
    if actor.is_hin:
        return HinEnquiry.hin_id != actor.hin_id
    if actor.is_ics:
        return HinEnquiry.organisation_id != (actor.organisation_id or 0)
    return true()


def _lists(actor: Actor) -> Select[Any]:
    seen = select(Innovation.id).where(innovations_seen(actor))
    of_seen = or_(EligibleList.group_id.is_not(None), EligibleList.innovation_id.in_(seen))
    return select(EligibleList.id).where(of_seen if _reads_networks(actor) else false())


HIDDEN: Mapping[str, Row] = {
    "innovation_id": (Innovation, _records),
    "other_id": (Innovation, _records),
    "challenge_id": (Challenge, lambda actor: ~challenges_seen(actor)),
    "introduction_id": (Introduction, lambda actor: ~introductions_seen(actor)),
    "answer_id": (
        Answer,
        _but(lambda actor: select(Answer.id).where(answers_seen(actor)), Answer.id),
    ),
    "community.campaign_id": (Campaign, _but(_campaigns, Campaign.id)),
    "idea_id": (Idea, _but(_ideas, Idea.id)),
    "programme_id": (Programme, _but(_programmes, Programme.id)),
    "programmes.proposal_id": (NextProgramme, _unless(lambda actor: actor.is_staff)),
    "support.proposal_id": (
        Proposal,
        lambda actor: (
            (Proposal.from_hin_id != (actor.hin_id or 0))
            & (Proposal.to_hin_id != (actor.hin_id or 0))
        ),
    ),
    "reports.report_id": (Report, lambda actor: ~_reports(actor)),
    "section_id": (ReportSection, _but(_sections, ReportSection.id)),
    "comment_id": (ReportComment, _but(_sections, ReportComment.section_id)),
    "item_id": (ContentItem, lambda actor: ~content_seen(actor)),
    "picture_id": (
        ContentPicture,
        _but(
            lambda actor: select(ContentItem.id).where(content_seen(actor)), ContentPicture.item_id
        ),
    ),
    "return_id": (CompanyReturn, _but(_returns, CompanyReturn.id)),
    "impact.campaign_id": (ReturnCampaign, _unless(lambda actor: actor.is_national)),
    "impact.event_id": (
        ImpactEvent,
        lambda actor: (
            ImpactEvent.withdrawn_at.is_not(None)
            | ImpactEvent.programme_id.not_in(_programmes(actor))
        ),
    ),
    "estimate_id": (Estimate, _unless(lambda actor: actor.is_national)),
    "list_id": (EligibleList, _but(_lists, EligibleList.id)),
    "group_id": (ProductGroup, _unless(lambda actor: actor.is_national)),
    "sheet_id": (
        Sheet,
        lambda actor: false() if actor.is_national else Sheet.hin_id != (actor.hin_id or 0),
    ),
    "diagram_id": (Diagram, _but(_diagrams, Diagram.id)),
    "node_id": (Node, _but(_diagrams, Node.diagram_id)),
    "team_id": (Team, _unless(_reads_networks)),
    "measure_id": (ImprovementMeasure, _unless(_reads_networks)),
    "network_id": (SafetyNetwork, _unless(_reads_networks)),
    "kind_id": (StakeholderKind, _unless(_reads_networks)),
    "task_id": (Task, _but(_tasks, Task.id)),
    "interaction_id": (Interaction, _of_other_networks(Interaction.hin_id)),
    "template_id": (MessageTemplate, _of_other_networks(MessageTemplate.hin_id)),
    "support.survey_id": _of_others(Survey),
    "improvement.survey_id": (SiteSurvey, _unless(_reads_networks)),
    "announcement_id": (
        Announcement,
        _unless(lambda actor: actor.is_national or actor.is_administrator),
    ),
    "gap_id": (
        SearchGap,
        _but(
            lambda actor: select(SearchGap.id).where(
                gaps_seen(actor) if actor.is_staff else false()
            ),
            SearchGap.id,
        ),
    ),
    "enquiry_id": (HinEnquiry, _enquiries),
    "unmet_id": (UnmetNeed, _unless(lambda actor: actor.is_staff)),
    "pair_id": (DuplicatePair, _unless(lambda actor: actor.is_staff)),
    "merge_id": (
        Merge,
        _unless(lambda actor: actor.is_staff or actor.is_administrator or actor.is_innovator),
    ),
    "use_id": (Use, _unless(lambda actor: actor.is_staff)),
    "export_id": (ExportFile, _exports),
    "session_id": _of_others(UserSession),
    "passkey_id": _of_others(Passkey),
    "identity_id": _of_others(Identity),
    "version_id": (TermsVersion, _unless_administrator(lambda actor: true())),
    "reminder_id": _of_others(RecordReminder),
    "saved_id": _of_others(SavedSearch),
    "import_id": (Import, _of_other_organisations(Import.organisation_id)),
    "memory_id": (ImportMemory, _of_other_organisations(ImportMemory.organisation_id)),
    "directory_file_id": (DirectoryFile, _unless_administrator(lambda actor: true())),
    "webhook_id": _of_others(Webhook),
    "token_id": (ApiToken, _unless_administrator(_of_others(ApiToken)[1])),
    "copy_id": (DataCopy, _unless_administrator(_of_others(DataCopy)[1])),
    "user_id": (User, _unless_administrator(lambda actor: true())),
    "approval_id": (Approval, _unless_administrator(lambda actor: true())),
    "job_id": (Job, _unless_administrator(lambda actor: true())),
    "term_id": (Term, _unless_administrator(lambda actor: true())),
    "organisation_id": (
        Organisation,
        _unless_administrator(_of_other_organisations(Organisation.id)),
    ),
    "first_id": (Organisation, _unless(may_merge)),
    "second_id": (Organisation, _unless(may_merge)),
    "membership_id": (
        Membership,
        _unless_administrator(_of_other_organisations(Membership.organisation_id)),
    ),
    "invitation_id": (
        Invitation,
        _unless_administrator(_of_other_organisations(Invitation.organisation_id)),
    ),
    "view_id": (
        SavedView,
        lambda actor: (SavedView.user_id != actor.user_id) & (SavedView.shared == Shared.ME),
    ),
}
"""By the name of the id in a route, with its blueprint before it where two rooms use one name: the
table, and which of its rows a person may not know of."""


def _pairs(part: Any, of: Any) -> Select[Any]:
    return select(part.id, of)


def _files(file: type[Any], message: type[Any]) -> Select[Any]:
    return select(file.id, message.thread_id).join(message, message.id == file.message_id)


PARTS: Mapping[tuple[str, str], Select[Any]] = {
    ("innovation_id", "collaborator_id"): _pairs(Collaborator, Collaborator.innovation_id),
    ("innovation_id", "transfer_id"): _pairs(Transfer, Transfer.innovation_id),
    ("innovation_id", "standard_id"): _pairs(StandardHeld, StandardHeld.innovation_id),
    ("innovation_id", "invitation_id"): _pairs(
        CollaboratorInvitation, CollaboratorInvitation.innovation_id
    ),
    ("innovation_id", "file_id"): _pairs(EvidenceFile, EvidenceFile.innovation_id),
    ("innovation_id", "validation_id"): _pairs(Validation, Validation.innovation_id),
    ("innovation_id", "partnership_id"): select(Partnership.id, Engagement.innovation_id).join(
        Partnership.engagement
    ),
    ("introduction_id", "attachment_id"): _files(Attachment, IntroductionMessage),
    ("answer_id", "file_id"): _files(AnswerFile, AnswerMessage),
    ("challenge_id", "file_id"): _files(ChallengeFile, ChallengeMessage),
    ("challenge_id", "assessor_id"): _pairs(AnswerAssessor, AnswerAssessor.challenge_id),
    ("challenge_id", "question_id"): select(CallQuestion.id, Challenge.id)
    .join(CallQuestion.call)
    .join(Challenge),
    ("idea_id", "file_id"): _files(IdeaFile, IdeaMessage),
    ("idea_id", "message_id"): _pairs(IdeaMessage, IdeaMessage.thread_id),
    ("idea_id", "report_id"): _pairs(IdeaReport, IdeaReport.idea_id),
    ("campaign_id", "guest_id"): _pairs(CampaignGuest, CampaignGuest.campaign_id),
    ("task_id", "file_id"): _files(TaskFile, TaskMessage),
    ("programme_id", "file_id"): _files(ProgrammeFile, ProgrammeMessage),
    ("programme_id", "aim_id"): _pairs(Aim, Aim.programme_id),
    ("programme_id", "value_id"): _pairs(ProgrammeValue, ProgrammeValue.programme_id),
    ("programme_id", "trajectory_id"): _pairs(Trajectory, Trajectory.programme_id),
    ("programme_id", "event_id"): _pairs(ProgrammeEvent, ProgrammeEvent.programme_id),
    ("programme_id", "note_id"): _pairs(ProgrammeNote, ProgrammeNote.programme_id),
    ("programme_id", "step_id"): _pairs(DeliveryStep, DeliveryStep.programme_id),
    ("programme_id", "review_id"): _pairs(QuarterReview, QuarterReview.programme_id),
    ("programme_id", "round_id"): _pairs(FundRound, FundRound.programme_id),
    ("programme_id", "application_id"): select(FundApplication.id, FundRound.programme_id).join(
        FundApplication.round
    ),
    ("programme_id", "intervention_id"): _pairs(Intervention, Intervention.programme_id),
    ("programme_id", "synthesis_id"): select(Synthesis.id, Intervention.programme_id).join(
        Synthesis.intervention
    ),
    ("programme_id", "row_id"): _pairs(ProgrammeList, ProgrammeList.programme_id),
    ("proposal_id", "assessor_id"): _pairs(Assessor, Assessor.proposal_id),
    ("import_id", "row_id"): _pairs(ImportRow, ImportRow.import_id),
    ("item_id", "result_id"): _pairs(ContentResult, ContentResult.item_id),
    ("item_id", "picture_id"): _pairs(ContentPicture, ContentPicture.item_id),
    ("team_id", "cycle_id"): _pairs(Cycle, Cycle.team_id),
    ("survey_id", "place_id"): _pairs(SurveyedPlace, SurveyedPlace.survey_id),
    ("report_id", "photo_id"): _pairs(ReportPhoto, ReportPhoto.report_id),
    ("report_id", "reader_id"): _pairs(ReportEarlyReader, ReportEarlyReader.report_id),
    ("measure_id", "mark_id"): _pairs(MeasureMark, MeasureMark.measure_id),
    ("node_id", "link_id"): _pairs(NodeRecord, NodeRecord.node_id),
    ("node_id", "measure_id"): select(NodeChart.measure_id, NodeChart.node_id),
    ("code", "fact_id"): select(AreaFact.id, Ics.code).join(Ics, Ics.id == AreaFact.ics_id),
}
"""By the name of the id before it in the address and its own: each part with whose it is."""

OPEN: Mapping[str, str] = {
    "hin_id": "networks are for everybody",
    "ics_id": "systems are for everybody",
    "site_id": "the directory of places is for everybody",
    "entry_id": "the support directory is for everybody",
}
"""Ids that hide nothing."""
