"""`flask users create`."""

from portal.accounts.queries import user_by_email


def create(app, **changes):
    given = {
        "email": "sam@example.org",
        "--name": "Sam Shell",
        "--role": "hin",
        "--organisation": "Health Innovation West Midlands",
        "--password": "violet tractor harbour",
        **changes,
    }
    email = given.pop("email")
    words = [word for pair in given.items() for word in pair]
    return app.test_cli_runner().invoke(args=["users", "create", email, *words])


def test_it_opens_an_account_that_can_sign_in(app, cast, client, session):
    session.commit()
    place = cast.hin.organisation.name
    result = create(app, **{"--organisation": place})
    assert result.exit_code == 0, result.output
    user = user_by_email("sam@example.org")
    assert [(m.role.value, m.organisation.name) for m in user.memberships] == [("hin", place)]
    given = {"email": user.email, "password": "violet tractor harbour"}
    assert client.post("/account/sign-in", data=given).location == "/"


def test_it_says_what_is_wrong_and_changes_nothing(app, cast, session):
    place = cast.hin.organisation.name
    for changes, words in (
        ({"--organisation": "Nowhere"}, "name of an organisation"),
        ({"--organisation": place, "--password": "password"}, "10 characters or more"),
        ({"--organisation": place, "--role": "ics"}, "role that people"),
        ({"--organisation": place, "email": cast.hin.user.email}, "already an account"),
    ):
        result = create(app, **changes)
        assert result.exit_code == 1
        assert words in result.output
        session.rollback()
    assert user_by_email("sam@example.org") is None


def test_the_first_administrator_brings_the_national_team_and_later_ones_find_it(app, session):
    session.commit()
    first = {"--role": "administrator", "--organisation": "The national team"}
    assert create(app, **first).exit_code == 0
    [membership] = user_by_email("sam@example.org").memberships
    assert (membership.role.value, membership.organisation.kind.value) == (
        "administrator",
        "national",
    )
    session.commit()
    again = create(app, **first | {"email": "two@example.org", "--organisation": "Another team"})
    assert again.exit_code == 1
    assert "name of an organisation" in again.output
