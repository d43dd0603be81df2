from __future__ import annotations

import re
from collections.abc import Iterator

from diary import errors


def tree(kind: type, indent: str = "") -> Iterator[str]:
    yield f"{indent}{'x ' if indent else ''}{kind.__name__}"
    for further in kind.__subclasses__():
        if further.__module__.startswith(f"{errors.__name__}."):
            yield from tree(further, indent + "  ")


def test_the_tree_in_the_documentation_is_the_tree_of_the_classes() -> None:
    assert "\n".join(tree(errors.DiaryError)) in errors.__doc__


def test_an_errors_code_is_its_name() -> None:
    assert (errors.NoteTooLong.code, str(errors.NoteTooLong(characters=5))) == ("note_too_long", "note_too_long")
    codes = [kind.code for kind in vars(errors).values() if isinstance(kind, type)]
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in codes)
    assert errors.FileRefused.code == errors.FileUnknown.code
    assert errors.DatabaseError.code == errors.DatabaseBroken.code
