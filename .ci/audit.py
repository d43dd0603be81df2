"""Looks up every installed package in the database of known vulnerabilities (pip-audit; `make audit`).

Exit status: 0 if none is known, 1 if some are, 3 if the database could not be reached or knows too few of the packages
to say so: pip-audit itself calls that "no known vulnerabilities".
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

NONE_KNOWN, FOUND, NOT_CHECKED = 0, 1, 3
OWN = "haru"
MOST_UNKNOWN = 0.05
"""Share of packages that the database may lack, such as one that is not on PyPI."""
COMMAND = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]


def installed() -> list[str]:
    """`name==version` of each package; without the local part of a version (2.13.0+cpu), which no database has."""
    found = {each.metadata["Name"].lower(): each.version.partition("+")[0] for each in distributions()}
    return sorted(f"{name}=={version}" for name, version in found.items() if name != OWN)


def look_up(packages: list[str]) -> list[dict[str, Any]] | None:
    """What pip-audit says of each package; None if it could not ask."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "packages.txt"
        file.write_text("\n".join(packages) + "\n", encoding="utf-8")
        done = subprocess.run([*COMMAND, f"--requirement={file}"], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(done.stderr.strip()[-2000:], file=sys.stderr)
        return None


def verdict(answers: list[dict[str, Any]] | None) -> int:
    """Prints what was found; returns the exit status."""
    if answers is None:
        print("Not checked: pip-audit could not ask the database of vulnerabilities. Try again with the internet.")
        return NOT_CHECKED
    unknown = [each["name"] for each in answers if "skip_reason" in each]
    bad = [each for each in answers if each.get("vulns")]
    for each in bad:
        for found in each["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{each['name']} {each['version']}: {found['id']}, mended in {mended}")
    checked = len(answers) - len(unknown)
    if bad:
        print(f"{len(bad)} of {checked} packages have known vulnerabilities.")
        return FOUND
    if len(unknown) > MOST_UNKNOWN * len(answers):
        print(f"Not checked: the database could not be asked about {len(unknown)} of {len(answers)} packages.")
        return NOT_CHECKED
    print(f"No known vulnerability in {checked} packages; not in the database: {', '.join(unknown) or 'none'}.")
    return NONE_KNOWN


if __name__ == "__main__":
    sys.exit(verdict(look_up(installed())))
