"""Every command, module, file and make target that a document names exists."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
DOCUMENTS = [
    *PROJECT.glob("*.md"),
    *PROJECT.glob("*/MODEL_CARD.md"),
    *(PROJECT / "docs").glob("*.md"),
    *(PROJECT / "assets" / "locales").glob("*.json"),
    *(PROJECT / "assets" / "weights").rglob("measured.json"),
    PROJECT / ".streamlit" / "config.toml",
    *(path for path in (PROJECT / "deploy").iterdir() if path.suffix != ".env"),
]
HISTORY = {"CHANGELOG.md"}  # names what was, too
PACKAGES = {path.parent.name for path in PROJECT.glob("*/*.py")} - {"tests"}
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8").replace("\\\n", " ")


def commands(text: str) -> list[tuple[str, list[str]]]:
    """(module, options) of each `python -m module …`."""
    found = re.findall(r"python -m ([\w.]+)([^`\n\"#|]*)", text)
    return [(module.rstrip("."), re.findall(r"(?<!\S)--[a-z][\w-]*", rest)) for module, rest in found]


def file_of(module: str) -> Path | None:
    place = PROJECT / module.replace(".", "/")
    return next((path for path in (place.with_suffix(".py"), place / "__main__.py") if path.exists()), None)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_what_a_document_names_exists(document: Path) -> None:
    text, missing = text_of(document), []
    for module, options in commands(text):
        if module.partition(".")[0] not in PACKAGES or document.name in HISTORY:
            continue
        file = file_of(module)
        if file is None:
            missing.append(f"python -m {module}")
            continue
        # An option may be added by what the module imports: it has to stand somewhere in its package.
        package = PROJECT / module.partition(".")[0]
        sources = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
        sources += (PROJECT / "inference" / "cli.py").read_text(encoding="utf-8")
        missing += [f"python -m {module} {option}" for option in options if f'"{option}"' not in sources]
    if document.suffix == ".md":
        targets = re.findall(r"(?:^|`)make ([a-z-]+)\b", text, re.MULTILINE)
        missing += [f"make {name}" for name in targets if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)]
    if document.name not in HISTORY:
        named = re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|md|json|toml|yaml|txt|css|js))`", text)
        missing += [path for path in named if not (PROJECT / path).exists()]
    if document.suffix == ".md":
        linked = re.findall(r"(?:\]\(|src(?:set)?=\")(?!https?:|#|mailto:)([^)\"\s]+)", text)
        missing += [path for path in linked if not (document.parent / path.partition("#")[0]).exists()]
    assert not missing


def test_the_commands_of_the_models_page_name_every_required_option() -> None:
    shown = [command for file in PROJECT.glob("assets/weights/*/measured.json") for command in commands(text_of(file))]
    assert shown
    missing = []
    for module, options in shown:
        source = (file_of(module) or PROJECT / "missing").read_text(encoding="utf-8")
        required = re.findall(r'add_argument\(\s*"(--[\w-]+)"[^\n]*required=True', source)
        missing += [f"{module} {option}" for option in required if option not in options]
    assert not missing


def test_what_the_code_names_of_itself_exists() -> None:
    """Modules and files in docstrings, comments, help texts and error messages."""
    missing = []
    for file in [*PROJECT.glob("*.py"), *(path for name in PACKAGES for path in (PROJECT / name).rglob("*.py"))]:
        text = file.read_text(encoding="utf-8")
        named = re.findall(rf"(?<![\w/])((?:{'|'.join(sorted(PACKAGES))})/[\w/]+\.py)\b", text)
        missing += [f"{file.name}: {path}" for path in named if not (PROJECT / path).exists()]
        modules = [module for module, _ in commands(text) if module.partition(".")[0] in PACKAGES]
        missing += [f"{file.name}: python -m {module}" for module in modules if file_of(module) is None]
    assert not missing


def test_a_command_that_is_gone_would_be_found() -> None:
    assert commands("`python -m training.voice.gone --data X`") == [("training.voice.gone", ["--data"])]
    assert file_of("training.voice.gone") is None
    assert file_of("training.cli") is not None


def test_the_commands_of_the_operator_are_those_of_the_parser() -> None:
    from web.admin_commands import docs_table
    from web.admin_commands.command import ExitCode

    text = (PROJECT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert docs_table.table() in text, "python -m web.admin_commands.docs_table prints the table"
    statuses = re.findall(r"^\| (\d+) \| ", text, re.MULTILINE)
    assert [int(status) for status in statuses] == list(ExitCode)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_the_parser_understands_every_haru_admin_of_the_documents(document: Path) -> None:
    from web import admin

    shown = re.findall(r"haru-admin ([a-z][^`\n#|<>;&]*)", text_of(document))
    for line in shown if document.name not in HISTORY else ():
        words = [word for word in line.split() if word.isascii()]
        command = words[0].rstrip(".,;:")
        (commands,) = (action for action in admin.parser()._actions if isinstance(action, argparse._SubParsersAction))
        assert command in commands.choices, line
        known = commands.choices[command]._option_string_actions
        assert [word for word in words if word.startswith("--") and word.rstrip(".,") not in known] == []
