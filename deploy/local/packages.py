"""Where the Python packages that carry the server binaries are installed."""

from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import StackError


def package_directory(name: str) -> Path:
    """The folder of an installed package, found without running its code."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(
            f"The package {name} of the embedded servers is not installed: run `make setup`, "
            "or give servers of your own in PARLEY_KAFKA, PARLEY_POSTGRES and PARLEY_REDIS."
        )
    return Path(spec.submodule_search_locations[0])
