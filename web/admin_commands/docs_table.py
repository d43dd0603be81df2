"""The table of commands in docs/hosting.md, made from the parser.

python -m web.admin_commands.docs_table     prints it
"""

from __future__ import annotations

import argparse

from web import admin


def table() -> str:
    lines = ["| command | what it does |", "| --- | --- |", f"| `{_PROGRAM} --version` | {_VERSION} |"]
    (commands,) = (action for action in admin.parser()._actions if isinstance(action, argparse._SubParsersAction))
    for shown in commands._choices_actions:
        help_text = shown.help or ""
        lines.append(f"| `{_usage(commands.choices[shown.dest])}` | {help_text[0].upper()}{help_text[1:]}. |")
    return "\n".join(lines)


_PROGRAM = "haru-admin"
_VERSION = "Print the versions of Haru and of each file of weights."


def _usage(parser: argparse.ArgumentParser) -> str:
    """The command line without what every command takes; argparse breaks it into lines."""
    usage = " ".join(parser.format_usage().split()).removeprefix("usage: ")
    return usage.replace(" [-h]", "").replace(" [--json]", "").replace("|", "\\|")


if __name__ == "__main__":
    print(table())
