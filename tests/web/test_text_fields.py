"""Lines and texts: what is kept, what is cleaned, what is refused and in which words."""

from decimal import Decimal

import pytest

from portal.web import fields
from portal.web.validators import Required
from tests.web.conftest import Ask


def test_spaces_around_are_taken_off(ask: Ask) -> None:
    assert ask(fields.TextField("Name"), "  Ada \t").data == "Ada"


def test_only_spaces_are_nothing(ask: Ask) -> None:
    field = ask(fields.TextField("Name", [Required("Enter the name")]), " \u00a0 ")
    assert field.errors == ["Enter the name"]


def test_letters_with_marks_are_kept_in_one_form(ask: Ask) -> None:
    assert ask(fields.TextField("Name"), "Zoe\u0308").data == "Zoë"


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\x7f", "\x9b", "\ufffe"])
def test_a_hidden_control_character_is_refused_and_taken_out(ask: Ask, hidden: str) -> None:
    field = ask(fields.TextField("Name"), f"Sep{hidden}sis")
    assert field.errors[0].startswith("Name must not have hidden control characters")
    assert field.data == "Sepsis"
    assert 'value="Sepsis"' in field()


def test_emoji_and_joined_emoji_are_kept(ask: Ask) -> None:
    field = ask(fields.TextField("Name"), "👩🏽‍⚕️ app")
    assert field.errors == []
    assert field.data == "👩🏽‍⚕️ app"


def test_right_to_left_text_is_kept_without_its_steering_marks(ask: Ask) -> None:
    field = ask(fields.TextField("Name"), "\u202eصحة رقمية\u202c")
    assert field.errors == []
    assert field.data == "صحة رقمية"


def test_html_is_kept_as_typed_and_shown_as_text(ask: Ask) -> None:
    field = ask(fields.TextField("Name"), '"><script>alert(1)</script>')
    assert field.data == '"><script>alert(1)</script>'
    assert "<script>" not in field()


def test_ten_thousand_characters_are_refused_and_kept(ask: Ask) -> None:
    field = ask(fields.TextField("Name", [Required("Enter the name")]), "x" * 10_000)
    assert field.errors == ["Name must be 200 characters or fewer"]
    assert "x" * 10_000 in field()


def test_a_question_is_not_repeated_in_its_error(ask: Ask) -> None:
    field = ask(fields.TextField("What is it called?", max_length=3), "Sepsis")
    assert field.errors == ["Your answer must be 3 characters or fewer"]


def test_an_error_can_call_the_field_something_else(ask: Ask) -> None:
    field = ask(fields.TextField("What?", max_length=3, what="Product name"), "Sepsis")
    assert field.errors == ["Product name must be 3 characters or fewer"]


def test_a_line_has_no_line_ends(ask: Ask) -> None:
    assert ask(fields.TextField("Name"), "a\r\nb\tc").data == "a b c"


def test_a_text_keeps_its_lines_in_one_form(ask: Ask) -> None:
    assert ask(fields.LongTextField("Text"), "a\r\n\r\nb\rc\u2028d\te\n").data == "a\n\nb\nc\nd\te"


def test_line_ends_count_once_as_the_counter_below_the_text_counts(ask: Ask) -> None:
    assert ask(fields.LongTextField("Text", max_length=3), "a\r\nb").errors == []


def test_a_text_shows_how_many_characters_it_may_have(ask: Ask) -> None:
    html = ask(fields.LongTextField("Text", max_length=500))()
    assert 'data-maxlength="500"' in html
    assert "You can enter up to 500 characters" in html


def test_the_value_of_a_record_is_shown(ask: Ask) -> None:
    assert 'value="Ada &amp; Co"' in ask(fields.TextField("Name"), answer="Ada & Co")()


def test_hint_and_error_are_tied_to_the_input(ask: Ask) -> None:
    field = ask(fields.TextField("Name", [Required("Enter it")], description="As sold"), "")
    html = field()
    assert 'aria-describedby="answer-hint answer-error"' in html
    assert 'id="answer-hint"' in html
    assert 'id="answer-error"' in html


def test_a_label_can_be_the_heading_of_the_page(ask: Ask) -> None:
    html = ask(fields.TextField("Name"))(heading=True, caption="About")
    assert "<h1" in html
    assert "nhsuk-label--l" in html
    assert "About" in html


@pytest.mark.parametrize("good", ["ada@example.com", "a.b+c@nhs.net", "ada@EXAMPLE.com"])
def test_an_email_address_is_accepted(ask: Ask, good: str) -> None:
    field = ask(fields.EmailField("Email"), good)
    assert field.errors == []
    assert field.data.endswith(good.split("@")[1].lower())


@pytest.mark.parametrize("bad", ["ada", "ada@", "@x.org", "a b@x.org", "a@x..org", "<a@x.org>"])
def test_what_is_no_email_address_is_refused_and_kept(ask: Ask, bad: str) -> None:
    field = ask(fields.EmailField("Email"), bad)
    assert field.errors == ["Enter an email address in the correct format, like name@example.com"]
    assert field.data == bad


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/a?b=1", "https://example.org/a?b=1"),
        ("http://example.org", "http://example.org"),
        ("https://bücher.example", "https://bücher.example"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
    ],
)
def test_a_website_is_completed(ask: Ask, typed: str, kept: str) -> None:
    field = ask(fields.WebsiteField("Website"), typed)
    assert field.errors == []
    assert field.data == kept


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https://localhost",
        "https://user:secret@example.org",
        "https://exa mple.org",
        "https://example.org:99999999",
        "https://[::1",
        "no idea",
    ],
)
def test_what_is_no_website_is_refused(ask: Ask, bad: str) -> None:
    field = ask(fields.WebsiteField("Website"), bad)
    assert field.errors == ["Enter a website address, like https://www.example.org"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("sw1a1aa", "SW1A 1AA"), (" LS1  4AP ", "LS1 4AP"), ("m1 1ae", "M1 1AE"), ("", "")],
)
def test_a_postcode_is_kept_in_its_usual_form(ask: Ask, typed: str, kept: str) -> None:
    field = ask(fields.PostcodeField("Postcode"), typed)
    assert field.errors == []
    assert field.data == kept


@pytest.mark.parametrize("bad", ["LS1", "12345", "SW1A 1A", "AAA1 1AA", "SW1A 1CA"])
def test_what_is_no_postcode_is_refused(ask: Ask, bad: str) -> None:
    message = "Enter a full UK postcode, like SW1A 1AA"
    assert ask(fields.PostcodeField("Postcode"), bad).errors == [message]


@pytest.mark.parametrize(
    ("typed", "number"), [("1,200", 1200), ("1 200 300", 1_200_300), (" 7 ", 7), ("0", 0)]
)
def test_a_whole_number_is_read(ask: Ask, typed: str, number: int) -> None:
    field = ask(fields.WholeNumberField("Sites"), typed)
    assert field.errors == []
    assert field.data == number


@pytest.mark.parametrize(
    "bad", ["many", "1.5", "1e9", "٣", "=1+1", "1-2", "12,5", "1200,300", "9" * 39]
)
def test_what_is_no_whole_number_is_refused_and_shown_again(ask: Ask, bad: str) -> None:
    field = ask(fields.WholeNumberField("Sites", [Required("Enter the sites")]), bad)
    assert field.errors == ["Sites must be a whole number, like 1200"]
    assert field.data is None
    assert f'value="{bad}"' in field()


def test_a_number_that_no_column_holds_is_refused(ask: Ask) -> None:
    field = ask(fields.WholeNumberField("Sites"), "99999999999")
    assert field.errors == ["Sites must be between 0 and 1,000,000,000"]


def test_nothing_is_no_number_and_may_be_required(ask: Ask) -> None:
    assert ask(fields.WholeNumberField("Sites"), "").data is None
    assert ask(fields.WholeNumberField("S", [Required("Enter sites")]), "").errors == [
        "Enter sites"
    ]
    assert ask(fields.WholeNumberField("S", [Required("Enter sites")]), "0").errors == []


@pytest.mark.parametrize(
    ("typed", "amount"), [("£1,200.50", "1200.50"), ("12", "12"), ("0.5", "0.5")]
)
def test_an_amount_is_read(ask: Ask, typed: str, amount: str) -> None:
    field = ask(fields.MoneyField("Cost"), typed)
    assert field.errors == []
    assert field.data == Decimal(amount)


@pytest.mark.parametrize("bad", ["lots", "1.234", "12,5", "NaN", "Infinity", "1e5", "£"])
def test_what_is_no_amount_is_refused(ask: Ask, bad: str) -> None:
    field = ask(fields.MoneyField("Cost", [Required("Enter the cost")]), bad)
    assert len(field.errors) == 1


def test_an_amount_below_zero_is_refused(ask: Ask) -> None:
    assert ask(fields.MoneyField("Cost"), "-1").errors == [
        "Cost must be between 0 and 1,000,000,000"
    ]


@pytest.mark.parametrize(
    ("typed", "number"), [("1,465", "1465"), ("99.3", "99.3"), ("19.9425", "19.9425")]
)
def test_a_number_with_places_is_read(ask: Ask, typed: str, number: str) -> None:
    field = ask(fields.DecimalField("Number"), typed)
    assert field.errors == []
    assert field.data == Decimal(number)


@pytest.mark.parametrize("bad", ["many", "1.23456", "NaN", "Infinity", "1e5"])
def test_what_is_no_number_with_places_is_refused(ask: Ask, bad: str) -> None:
    assert ask(fields.DecimalField("Number"), bad).errors == [
        "Number must be a number, like 1200 or 99.3"
    ]


def test_a_password_is_not_trimmed_and_never_sent_back(ask: Ask) -> None:
    field = ask(fields.PasswordField("Password"), "  correct horse ")
    assert field.data == "  correct horse "
    assert "correct" not in field()


def test_a_password_with_a_nul_is_refused(ask: Ask) -> None:
    assert ask(fields.PasswordField("Password"), "a\x00b").errors


@pytest.mark.parametrize(("typed", "version"), [("3", 3), ("", -1), ("x", -1), ("-1", -1)])
def test_a_version_that_never_was_equals_none(ask: Ask, typed: str, version: int) -> None:
    assert ask(fields.HiddenVersion(), typed).data == version
