"""No value in the session state depends on two files that write the same key."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATE = PROJECT / "components" / "state.py"
FILES = [PROJECT / "ui.py", *(file for folder in ("components", "pages") for file in (PROJECT / folder).rglob("*.py"))]
IN_FORMS = PROJECT / "components" / "entry" / "form_fields.py"
"""Its functions take the keys of widgets as arguments, so they are unknown here."""


def key_expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """The key of each access to `st.session_state`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "st.session_state":
            yield node.slice
        elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) == "st.session_state":
            yield node.left
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("st.session_state.") and node.args:
            yield node.args[0]


def keys_in(source: str) -> set[str]:
    """The possible keys: a text, or the fixed beginning of an f-string; `?` for an unknown key."""
    tree = ast.parse(source)
    values = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                assigned = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(names)
                values |= {
                    name.id: value for name, value in zip(names, assigned, strict=False) if isinstance(name, ast.Name)
                }

    def text_of(key: ast.expr) -> str:
        if isinstance(key, ast.Name) and key.id in values:
            return text_of(values[key.id])
        if isinstance(key, ast.Constant):
            return str(key.value)
        if isinstance(key, ast.JoinedStr):
            return str(getattr(key.values[0], "value", "?")) + "…"
        return "?"

    return {text_of(key) for key in key_expressions(tree)}


def shared(sources: dict[str, str]) -> dict[str, set[str]]:
    """The keys that two of these files use, and the unknown keys."""
    users: dict[str, set[str]] = {}
    for name, source in sources.items():
        for key in keys_in(source):
            users.setdefault(key, set()).add(name)
    return {key: names for key, names in users.items() if len(names) > 1 or key == "?"}


def test_no_key_is_used_in_two_files() -> None:
    others = {str(file): file.read_text(encoding="utf-8") for file in FILES if file not in (STATE, IN_FORMS)}
    assert shared(others) == {}


def test_a_key_that_two_files_share_is_found_however_it_is_written() -> None:
    writes = (
        'import streamlit as st\n_KEY = "note"\nst.session_state[_KEY] = 1\nst.session_state.setdefault(f"day_{1}", 2)'
    )
    reads = 'st.session_state.pop("note", None)\n"day_1" in st.session_state'
    assert shared({"a": writes, "b": reads}) == {"note": {"a", "b"}}
    assert shared({"a": writes, "b": "st.session_state.get(f'day_{now}')"}) == {"day_…": {"a", "b"}}
    assert shared({"a": writes, "b": "st.session_state[other.KEY]"}) == {"?": {"b"}}


def test_no_two_values_share_a_key() -> None:
    texts = [
        call.args[0].value
        for call in ast.walk(ast.parse(STATE.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Value", "PerName")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert len(texts) > 20
    assert len(texts) == len(set(texts))
