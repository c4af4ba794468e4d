"""What anybody, or many, will read is asked by forms that hold what leads to a person."""

from importlib import import_module

import pytest
from wtforms.fields.core import UnboundField

from portal.exchange.forms.content import form_class
from portal.exchange.models import ContentKind
from portal.web.fields import LongTextField, TextField
from portal.web.forms import PortalForm
from portal.web.validators import NoPersonalDetail

MODULES = (
    *("portal.exchange.forms.content", "portal.exchange.forms.areas", "portal.community.forms"),
    *("portal.challenges.forms.calls", "portal.challenges.forms.pages", "portal.answers.forms"),
    "portal.matching.forms",
)
FREE = {
    "ResultForm.number": "a number",
    "ResultForm.unit": "the unit of a number",
    "ResultForm.period": "held at review, where a period looks like a telephone number",
    "PictureForm.consent": "may name a form; held at review",
    "ReturnForm.words": "from one colleague to another",
    "RetireForm.words": "read by staff alone",
    "ChallengeForm.contact_name": "the contact, whom only those who broker read",
    "DeclareForm.words": "an interest, read by those who state the call",
    "ScoreForm.words": "read by assessors and those who state the call",
    "RejectForm.note": "read by the people of the challenge",
    "NoneFitsForm.note": "read by HINs",
    "EnquiryForm.note": "read by a HIN, which may be told whom to ask",
    "AnswerEnquiryForm.answer": "from a HIN, which may say whom to ask",
    "CloseForm.outcome_innovation": "the name of a record, looked up",
    "CaseStudyForm.answer_contact": "the shared address of a team",
}


def forms_of(module: str) -> list[type[PortalForm]]:
    """Return the forms that a module defines, and those that it makes of data."""
    found = [
        one
        for one in vars(import_module(module)).values()
        if isinstance(one, type) and issubclass(one, PortalForm) and one.__module__ == module
    ]
    made = map(form_class, ContentKind) if module == MODULES[0] else ()
    return [*found, *made]


def is_held(field: UnboundField) -> bool:
    """Whether a field refuses what leads to a person."""
    rules = field.args[1] if len(field.args) > 1 else field.kwargs.get("validators", ())
    return any(isinstance(one, NoPersonalDetail) for one in rules)


@pytest.mark.parametrize("module", MODULES)
def test_every_text_that_many_read_refuses_what_leads_to_a_person(module: str) -> None:
    forms = forms_of(module)
    assert forms
    texts = {
        f"{form.__name__}.{name}": field
        for form in forms
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField)
        and field.field_class in (TextField, LongTextField)
    }
    assert texts
    open_ones = [name for name in sorted(texts) if not is_held(texts[name])]
    assert [name for name in open_ones if name not in FREE] == []
