"""What administrators do with people and organisations."""

from sqlalchemy import select

from portal.accounts.models import Membership, MembershipState, Organisation
from tests import makers


def test_an_administrator_finds_a_person_by_name_or_address(as_, cast):
    browser = as_(cast.administrator)
    for words in ("ida", "BROWN", "ida.brown@"):
        page = browser.get(f"/admin/people?q={words}").text
        assert "Ida Brown" in page
        assert "Omar Khan" not in page
    assert "Nobody found" in browser.get("/admin/people?q=%25_").text


def test_the_list_of_people_is_paged_and_takes_few_statements(as_, cast, session, statements):
    for number in range(45):
        makers.membership(makers.user(f"Person {number:02}"), cast.innovator.organisation)
    browser = as_(cast.administrator)
    with statements.at_most(8):
        page = browser.get("/admin/people?q=person").text
    assert "Showing 1 to 20 of 45 people" in page
    assert "Person 44" in browser.get("/admin/people?q=person&page=3").text


def test_the_list_of_organisations_is_filtered_and_takes_few_statements(as_, cast, statements):
    browser = as_(cast.administrator)
    with statements.at_most(8):
        page = browser.get("/admin/organisations?kind=company").text
    assert "Brightwell Health" in page
    assert cast.hin.organisation.name not in page


def test_a_closed_account_can_be_opened_again(as_, cast):
    browser, person = as_(cast.administrator), f"/admin/people/{cast.innovator.user.id}"
    data = {f"successor_{cast.innovator.membership.id}": cast.colleague.user.id}
    browser.post(f"{person}/deactivate", data=data)
    assert "Open the account again" in browser.get(person).text
    browser.post(f"{person}/reactivate")
    page = browser.get(person).text
    assert "Close the account" in page
    assert "Opened the account again" in page


def test_an_administrator_cannot_close_their_own_account(as_, cast):
    browser = as_(cast.administrator)
    answer = browser.post(f"/admin/people/{cast.administrator.user.id}/deactivate")
    assert "You cannot close your own account" in answer.text
    assert "could not be read" not in answer.text
    assert browser.get("/admin/people").status_code == 200


def test_an_administrator_adds_a_membership(as_, cast, session):
    browser = as_(cast.administrator)
    url = f"/admin/people/{cast.innovator.user.id}/memberships/new"
    wrong = browser.post(url, data={"organisation": "No Such Place", "role": "innovator"})
    assert "Enter the name of an organisation in the list" in wrong.text
    wrong = browser.post(url, data={"organisation": "Northgate Devices", "role": "hin"})
    assert "Select a role that people of this organisation can have" in wrong.text
    browser.post(url, data={"organisation": "northgate devices", "role": "innovator"})
    added = select(Membership.state).where(
        Membership.user_id == cast.innovator.user.id,
        Membership.organisation_id == cast.other_innovator.organisation.id,
    )
    assert session.scalars(added).all() == [MembershipState.ACTIVE]


def test_an_administrator_sets_up_a_hin(as_, cast, session):
    hin = makers.hin("HI-WM")
    answer = as_(cast.administrator).post(
        "/admin/organisations/new", data={"kind": "hin", "name": "Another HIN", "hin_id": hin.id}
    )
    made = session.scalars(select(Organisation).where(Organisation.name == "Another HIN")).one()
    assert answer.location == f"/admin/organisations/{made.id}"
    assert made.hin_id == hin.id


def test_the_lists_are_sorted_and_saved_as_they_stand(as_, cast, session):
    browser = as_(cast.administrator)
    makers.user("Zoe Person", email="aaa@example.org")
    makers.user("Abe Person", email="zzz@example.org")
    session.commit()
    page = browser.get("/admin/people?q=person&sort=-email").text
    assert page.index("Abe Person") < page.index("Zoe Person")
    assert "sort=email" in page
    assert "/admin/people.csv?q=person&amp;sort=-email" in page
    lines = browser.get("/admin/people.csv?q=person&sort=-email").get_data().decode("utf-8-sig")
    rows = lines.splitlines()
    assert rows[0] == "Name,Email address,Acts for,Account,Since"
    assert [row.split(",")[1] for row in rows[1:]] == ["zzz@example.org", "aaa@example.org"]
    kinds = browser.get("/admin/organisations.csv?kind=company").get_data().decode("utf-8-sig")
    assert "Brightwell Health,Company,2" in kinds
    assert "National innovation team" not in kinds
    assert browser.get("/admin/organisations.xlsx").data.startswith(b"PK")
    assert as_(cast.hin).get("/admin/people.csv").status_code == 403
