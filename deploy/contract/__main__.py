"""Writes the contract's files: `python -m deploy.contract`. Removes those whose event is gone."""

import sys

from deploy.contract.files import REPOSITORY, contract_files, stale_files


def main() -> None:
    for file, text in contract_files().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for file in stale_files():
        file.unlink()
        sys.stderr.write(f"removed {file.relative_to(REPOSITORY)}\n")
    sys.stderr.write(f"{len(contract_files())} files written\n")


if __name__ == "__main__":
    main()
