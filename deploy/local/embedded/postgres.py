"""Postgres with pgvector, from the binaries that a Python package carries."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from deploy.local.embedded.install import readable_install
from deploy.local.embedded.stale import remove_stale_lock
from deploy.local.errors import StackError
from deploy.local.files import write_private
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Account, Command, Process
from deploy.local.running import run_to_end

OWNER = "parley"
DATABASE = "parley"
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
QUICK_BUT_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class PostgresPlace:
    """Where Postgres keeps its data and log, and where it listens."""

    directory: Path
    log: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """The URL of the database for its owner."""
        return f"postgresql://{OWNER}:{self.password}@{LOOPBACK}:{self.port}/{DATABASE}"


def postgres_process(place: PostgresPlace, *, durable: bool) -> Process:
    """The server, its data directory made if this is its first start."""
    account = unprivileged_account()
    install = readable_install(account)
    if not place.directory.exists():
        _make_data_directory(place, install, account, durable=durable)
    remove_stale_lock(place.directory)
    settings = [
        f"listen_addresses={LOOPBACK}",
        f"port={place.port}",
        "unix_socket_directories=",
        "max_connections=200",
        *(() if durable else QUICK_BUT_UNSAFE),
    ]
    arguments = [argument for setting in settings for argument in ("-c", setting)]
    return Process(
        command=Command(
            name="postgres",
            arguments=[str(install / "bin" / "postgres"), "-D", _reachable(place.directory, account), *arguments],
            directory=place.directory,
            log=place.log,
            environment=ENVIRONMENT,
            account=account,
            # Its own children are many: on SIGQUIT it ends them itself, at once.
            parting_signal=Signals.SIGQUIT,
        ),
        port=place.port,
        ready=lambda: _database_answers(place, install),
        # Fast shutdown; SIGTERM would wait for every client to leave.
        stop_signal=Signals.SIGINT,
    )


def unprivileged_account() -> Account | None:
    """Whom to run as: Postgres refuses root; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _reachable(directory: Path, account: Account | None) -> str:
    """How the server names its working directory.

    A folder above it may be closed to the unprivileged user. The kernel's link to the working
    directory leads there all the same, and nobody's permissions need to change.
    """
    if account is not None and sys.platform == "linux":
        return "/proc/self/cwd"
    return str(directory)


def _make_data_directory(place: PostgresPlace, install: Path, account: Account | None, *, durable: bool) -> None:
    """Runs initdb beside the final place and moves it there whole, so that a crash leaves no half."""
    draft = place.directory.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    password = draft.with_suffix(".password")
    write_private(password, place.password)
    if account is not None:
        os.chown(draft, account.user_id, account.group_id)
        os.chown(password, account.user_id, account.group_id)
    initdb = Command(
        name="postgres",
        arguments=[
            str(install / "bin" / "initdb"),
            f"--pgdata={_reachable(draft, account)}",
            f"--username={OWNER}",
            "--auth=scram-sha-256",
            "--pwfile=/dev/stdin",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(() if durable else ("--no-sync",)),
        ],
        directory=draft,
        log=place.log,
        environment=ENVIRONMENT,
        account=account,
        stdin=password,
    )
    run_to_end(initdb)
    password.unlink()
    draft.replace(place.directory)


def _database_answers(place: PostgresPlace, install: Path) -> bool:
    """Whether our database answers; makes it when the server is up without it."""
    if _psql(place, install, DATABASE, "select 1"):
        return True
    return _psql(place, install, "postgres", f"create database {DATABASE}")


def _psql(place: PostgresPlace, install: Path, database: str, statement: str) -> bool:
    try:
        finished = subprocess.run(
            [
                str(install / "bin" / "psql"),
                "-X",
                "-q",
                "-d",
                database,
                "-c",
                statement,
            ],
            env={
                **ENVIRONMENT,
                "PGHOST": LOOPBACK,
                "PGPORT": str(place.port),
                "PGUSER": OWNER,
                "PGPASSWORD": place.password,
                "PGCONNECT_TIMEOUT": "2",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError as failure:
        raise StackError(f"Postgres' own client does not run ({failure}): run `make setup`.") from failure
    return finished.returncode == 0
