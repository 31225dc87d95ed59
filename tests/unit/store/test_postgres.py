"""PostgreSQL as it is set up, and what its errors become."""

from contextlib import closing, suppress
from random import Random
from time import sleep

import psycopg
import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from monitor.errors import StoreError
from monitor.store import Store, exists, open_store, postgres
from monitor.store.engine import WRITING, build_engine, name_of, parse_url
from tests.builders import NOW, an_article
from tests.postgres import Server
from tests.unit.store.keeping import keep_one
from tests.unit.store.searched import holding


def test_the_password_is_never_shown() -> None:
    url = parse_url("postgresql://analyst:hush-hush@db.example:5433/news")
    assert name_of(url) == "postgresql://analyst:***@db.example:5433/news"


def test_text_is_ordered_by_its_bytes_and_commits_are_waited_for(server_url: str) -> None:
    open_store(server_url).close()
    engine = build_engine(parse_url(server_url))
    with engine.connect() as connection, connection.begin():
        kinds = connection.execute(
            text(
                "SELECT DISTINCT collation_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND data_type = 'text'"
            )
        )
        assert set(kinds.scalars()) == {"C"}
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "repeatable read"
    engine.dispose()


def test_writers_wait_for_each_other(server_url: str) -> None:
    engine = build_engine(parse_url(server_url))
    with engine.connect().execution_options(**{WRITING: True}) as one, one.begin():
        one.execute(text("SELECT 1"))
        with engine.connect() as other, other.begin():
            free = other.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({postgres._key('writer')})").scalar_one()
    assert free is False
    engine.dispose()


def _refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert "secret-word" not in str(refused.value)
    return str(refused.value)


def test_a_server_that_is_away() -> None:
    said = _refusal("postgresql://u:secret-word@127.0.0.1:9/news")
    assert said.startswith("the archive postgresql://u:***@127.0.0.1:9/news: the server does not answer: start it, and")


def test_an_option_of_the_address_that_is_none(server_url: str) -> None:
    mark = "&" if "?" in server_url else "?"
    said = _refusal(f"{server_url}{mark}ssl_mode=require")
    assert 'correct what stands behind the ? in archive.url: invalid connection option "ssl_mode"' in said
    assert "correct what stands behind the ?" in _refusal("postgresql://u@127.0.0.1:9/news?sslmode=bogus")


def test_a_database_that_is_missing(postgres: Server) -> None:
    assert "has no such database: create it" in _refusal(postgres.url("nowhere"))
    with pytest.raises(StoreError, match="has no such database"):
        exists(postgres.url("nowhere"))


def test_a_wrong_password(postgres: Server) -> None:
    said = _refusal(f"postgresql://guarded:secret-word@/postgres?host={postgres.folder}")
    assert "does not let this user in: check user and password" in said


def test_a_user_with_too_few_rights(postgres: Server) -> None:
    url = postgres.database("foreign_ground")
    assert "make it the owner" in _refusal(url.replace("postgres@", "nobody@"))


def test_a_server_too_old(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    assert "99 is the oldest" in _refusal(server_url)


def test_a_database_that_cannot_hold_every_script(postgres: Server) -> None:
    postgres.say("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER 'libc' LOCALE 'C'")
    assert "is encoded in SQL_ASCII" in _refusal(postgres.url("narrow"))


def test_a_search_path_that_leads_nowhere(postgres: Server) -> None:
    url = postgres.database("pathless") + "&options=-csearch_path%3Dnews"
    assert "names no schema that exists and is open to this user: CREATE SCHEMA makes one" in _refusal(url)
    with pytest.raises(StoreError, match="names no schema"):
        exists(url)
    postgres.say("CREATE SCHEMA news", "pathless")
    open_store(url).close()
    assert exists(url)


def test_a_database_that_may_not_be_written_to(postgres: Server) -> None:
    url = postgres.database("behind_glass")
    postgres.say("ALTER DATABASE behind_glass SET default_transaction_read_only = on")
    assert "it may not be written to: it is a standby or set to read only" in _refusal(url)


def test_a_database_of_another_program(postgres: Server) -> None:
    url = postgres.database("somebodys")
    postgres.say("CREATE TABLE invoices (a int)", "somebodys")
    assert not exists(url)
    assert "a database of another program" in _refusal(url)


def test_the_driver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _name: None)
    assert "pip install 'news-monitor[postgres]'" in _refusal("postgresql://u:secret-word@h/news")


def test_a_connection_that_breaks_off_undoes_the_step_and_the_next_one_connects_again(
    postgres: Server, server_url: str
) -> None:
    with closing(open_store(server_url)) as store:
        keep_one(store, 1, NOW)
        with pytest.raises(StoreError, match="the last step was undone"):
            _be_cut_off(store, postgres)
        keep_one(store, 3, NOW)
        with store.read() as shelves:
            assert len(holding(shelves)) == 2
        assert store.check() == ""
    assert exists(server_url)


def _be_cut_off(store: Store, server: Server) -> None:
    with store.begin() as shelves:
        shelves.feeds.states()
        server.say("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'archive%'")
        shelves.feeds.states()


@pytest.mark.parametrize("kept", ["oid", "reltoastrelid"])  # in the table, or beside it
def test_damage_is_found_wherever_it_is(kept: str, postgres: Server) -> None:
    name = f"sound_{kept}"
    with closing(open_store(postgres.database(name))) as store:
        with store.begin() as shelves:
            for number in range(9):
                article = an_article(url=f"https://a.example/{number}", text=Random(number).randbytes(9_000).hex())
                shelves.articles.add(article, "c0", ())
        assert store.check() == ""
    postgres.say("VACUUM", name)
    url = postgres.database(f"damaged_{kept}", name)  # whose files nobody has read yet
    path = f"SELECT pg_relation_filepath({kept}) FROM pg_class WHERE relname = 'articles'"
    ((file,),) = postgres.say(path, f"damaged_{kept}")
    with (postgres.folder / "data" / str(file)).open("r+b") as pages:
        pages.seek(8_192 - 400)
        pages.write(b"\xa5" * 300)
    with closing(open_store(url)) as store:
        assert "articles: invalid page in block 0" in store.check()


LIMITS = ("statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout")


def test_limits_of_time_are_those_of_the_address_alone(postgres: Server) -> None:
    url = postgres.database("hurried")
    for name in LIMITS:
        postgres.say(f"ALTER DATABASE hurried SET {name} = '400ms'")
    with closing(open_store(url)) as store, store.begin() as shelves:
        shelves.feeds._connection.exec_driver_sql("SELECT pg_sleep(0.5)")
        sleep(0.5)
        shelves.feeds.states()
    with (
        pytest.raises(StoreError, match=r"cancelled on the server.*a statement_timeout in archive.url"),
        closing(open_store(f"{url}&options=-c%20statement_timeout%3D1s")) as store,
        store.begin() as shelves,
    ):
        shelves.feeds._connection.exec_driver_sql("SELECT pg_sleep(5)")
    with (
        pytest.raises(StoreError, match=r"a time limit of the server ended the transaction: take it out"),
        closing(open_store(f"{url}&options=-c%20transaction_timeout%3D1s")) as store,
        store.begin() as shelves,
    ):
        shelves.feeds._connection.exec_driver_sql("SELECT pg_sleep(5)")


def test_places_are_numbered_as_the_server_does() -> None:
    assert postgres.numbered("SELECT 7 %% 4, %s WHERE a IN (%s::BIGINT, %s)") == (
        "SELECT 7 % 4, $1 WHERE a IN ($2::BIGINT, $3)"
    )


def _ask_when_lost(store: Store) -> None:
    with store.read() as shelves:
        raw = shelves.feeds._connection.connection.dbapi_connection
        assert raw is not None
        with suppress(psycopg.OperationalError):
            raw.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        shelves.articles.has_items("wire")


def test_a_lost_connection_is_told_as_one_when_the_driver_itself_is_asked(server_url: str) -> None:
    with closing(open_store(server_url)) as store:
        with pytest.raises(StoreError, match="broke off"):
            _ask_when_lost(store)
        with store.read() as shelves:
            assert not shelves.articles.has_items("wire")


def test_what_has_no_room_in_an_index_is_no_trouble_of_the_archive(server_url: str) -> None:
    store = open_store(server_url)
    article = an_article(language=Random(7).randbytes(4_000).hex())
    try:
        with pytest.raises(OperationalError, match="index row size"), store.begin() as shelves:
            shelves.articles.add(article, "c0", ())
        with store.begin() as shelves:
            shelves.articles.add(replace(article, language="en"), "c0", ())
    finally:
        store.close()
