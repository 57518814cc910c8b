"""Makes `.venv` from the lock, on a machine that has nothing but Python. The standard library only.

Run as `python deploy/local/setup.py [GROUP...]`: the project, the embedded servers, and these groups.
"""

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BOOTSTRAP = ROOT / ".bootstrap"
UV_VERSION = "uv>=0.13,<1"
LOWEST_PYTHON = (3, 11)

# What pip is told about package indexes, and how uv wants to hear it.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
INDEX_NAMES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")


def main(groups: list[str]) -> int:
    """Brings `.venv` up to date with the lock; says in a sentence what is wrong if it cannot."""
    if sys.version_info < LOWEST_PYTHON:
        sys.exit(f"Parley needs Python {'.'.join(map(str, LOWEST_PYTHON))} or newer; this is {sys.version.split()[0]}.")
    stamp = VENV / f".parley-{'-'.join(['setup', *groups])}"
    state = _fingerprint()
    if stamp.exists() and stamp.read_text() == state and (VENV / "bin" / "parley").exists():
        return 0
    uv = _uv()
    _say("Installing Parley's packages from uv.lock into .venv")
    _install(uv, groups, _environment())
    stamp.write_text(state)
    return 0


def _fingerprint() -> str:
    files = (ROOT / "uv.lock", ROOT / "pyproject.toml", Path(__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _uv() -> str:
    """A uv of ours, installed with pip so that pip's own configuration holds; else the one on the PATH."""
    ours = BOOTSTRAP / "bin" / "uv"
    if ours.exists():
        return str(ours)
    _say("Installing uv into .bootstrap")
    made = subprocess.run([sys.executable, "-m", "venv", str(BOOTSTRAP)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        (BOOTSTRAP / ".gitignore").write_text("*\n")
        _run([str(BOOTSTRAP / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", UV_VERSION])
        return str(ours)
    on_path = which("uv")
    if on_path is None:
        sys.exit(
            f"{sys.executable} cannot make virtual environments ({(made.stdout + made.stderr).strip()}): "
            "install its venv module (on Debian and Ubuntu the package python3-venv) or uv, then try again."
        )
    return on_path


def _environment() -> dict[str, str]:
    """Our environment, with what pip knows of indexes told to uv, which does not read pip's settings."""
    # Compiled once here, or else by every process of the first start at the same time.
    environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_COMPILE_BYTECODE": "1"} | dict(os.environ)
    pip = BOOTSTRAP / "bin" / "pip"
    listed = (
        subprocess.run([str(pip), "config", "list"], capture_output=True, text=True, check=False)
        if pip.exists()
        else None
    )
    for line in listed.stdout.splitlines() if listed else ():
        name, _equals, value = line.partition("=")
        uv_name = UV_NAMES.get(name.rpartition(".")[2])
        if uv_name is not None and uv_name not in environment:
            environment[uv_name] = " ".join(str(ast.literal_eval(value)).split())
    return environment


def _install(uv: str, groups: list[str], environment: dict[str, str]) -> None:
    wanted = [argument for group in groups for argument in ("--group", group)]
    if not (VENV / "bin" / "python").exists():
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)], environment)
    if any(name in environment for name in INDEX_NAMES):
        _install_from_own_index(uv, wanted, environment)
    else:
        # Inexact: what somebody added to the environment by hand stays.
        _run([uv, "sync", "--locked", "--inexact", *wanted], environment)


def _install_from_own_index(uv: str, wanted: list[str], environment: dict[str, str]) -> None:
    """The same files by their hashes, from the index of this user: the lock names another one."""
    requirements = VENV / "requirements.txt"
    _run(
        [uv, "export", "--quiet", "--frozen", "--no-emit-project", *wanted, "--output-file", str(requirements)],
        environment,
    )
    install = [uv, "pip", "install", "--python", str(VENV)]
    _run([*install, "--require-hashes", "--requirements", str(requirements)], environment)
    _run([*install, "--no-deps", "--editable", str(ROOT)], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    finished = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    if finished.returncode != 0:
        sys.exit(
            "The packages could not be installed; the lines above say why. Check the network, "
            "PIP_INDEX_URL or UV_DEFAULT_INDEX and the free disk space, then run `make setup` again."
        )


def _say(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
