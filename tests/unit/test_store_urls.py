"""URLs of stores: no password in them is ever shown, whatever characters it has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billcore.core.store.errors import StoreUrlInvalid
from billcore.core.store.postgres_pool import parameters
from billcore.core.store.urls import has_password, masked, sqlite_path

SECRET = "s3cret"
ODD = st.text("#?%@:/=[]a1", max_size=4)
PASSWORDS = st.builds("{}s3cret{}".format, ODD, ODD)
PLACES = ["@host/db", "@host:5432,other:5433/db?sslmode=require", "@/db", "@[::1]:5432/db"]


@given(PASSWORDS, st.sampled_from(PLACES))
@example("p#s3cret", "@host/db")
@example("1/?a=s3cret", "@host/db")
@example("p@s3cret", "@host/db")
def test_a_password_is_found_and_not_shown(password, place):
    """In front of the host; in the query, if it is alone there."""
    url = f"postgresql://u:{password}{place}"
    assert has_password(url)
    assert SECRET not in masked(url)
    with pytest.raises(StoreUrlInvalid) as refused:
        sqlite_path(f"{url}#")
    assert SECRET not in repr(refused.value.as_dict())


@given(PASSWORDS)
def test_a_password_in_the_query_is_not_shown(password):
    for name in ("password", "sslpassword", "pass%77ord"):
        url = f"postgresql://u@host/db?{name}={password}&connect_timeout=3"
        assert has_password(url)
        assert SECRET not in masked(url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///a:b@c.db",
        "postgresql://host:5432/db",
        "postgresql://u@host:5432,other:5433/db?sslmode=require",
        "postgres://u%40corp@[::1]:5432/db",
        "postgresql:///db?host=/run/postgresql&user=u%40corp",
    ],
)
def test_a_url_without_one_is_shown_as_it_is(url):
    assert (masked(url), has_password(url)) == (url, False)


@pytest.mark.parametrize("text", ["mysql://u:s3cret@h/d", "host=h password=s3cret", "u:s3cret@h"])
def test_what_is_no_url_of_ours_shows_nothing(text):
    with pytest.raises(StoreUrlInvalid) as refused:
        sqlite_path(text)
    assert SECRET not in repr(refused.value.as_dict())


@pytest.mark.parametrize("url", ["sqlite:///a#b.db", "postgresql://u@host/a#b"])
def test_a_fragment_is_refused(url):
    """It would be dropped: another file, another database."""
    with pytest.raises(StoreUrlInvalid, match="write # as %23"):
        sqlite_path(url)


def test_libpq_finds_no_password_that_we_do_not():
    assert parameters("postgresql://u@host/db")["user"] == "u"
    with pytest.raises(StoreUrlInvalid, match="cannot read it"):
        parameters("postgresql://u@host/db?no_such=1")
