"""A folder of music on the machine that serves Haru, for those who run their own: only where a setting names it."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from parts.capture import SOUNDS
from parts.visitor import t

VARIABLE = "HARU_MUSIC_FOLDER"
FILES_AT_MOST = 50
_LARGEST = 200 * 1024 * 1024


def root() -> Path | None:
    """The folder that the setting names, if there is one. Everybody with an account here can hear what is in it."""
    named = os.environ.get(VARIABLE, "").strip()
    folder = Path(named).resolve() if named else None
    return folder if folder and folder.is_dir() else None


def folders() -> list[str]:
    """The folder itself and those below it that hold music, as paths from it. What leads out of it is not there."""
    top = root()
    if top is None:
        return []
    holding = {file.parent for file in _music_below(top)}
    return sorted(str(folder.relative_to(top)) for folder in holding)


def files(folder: str) -> list[Path]:
    top = root()
    if top is None or folder not in folders():
        return []
    return [file for file in sorted((top / folder).iterdir()) if _is_music(file, top)][:FILES_AT_MOST]


def chosen() -> dict[str, Path]:
    """What the person wants to be heard from the folder: nothing, where the setting is off."""
    there = folders()
    if not there:
        return {}
    folder = st.selectbox(t("own.folder"), there, index=None, placeholder=t("own.folder_none"), key="own_folder")
    if folder is None:
        return {}
    found = files(folder)
    st.caption(t("own.folder_count", count=len(found)))
    return {file.name: file for file in found}


def _music_below(top: Path) -> list[Path]:
    return [file for file in top.rglob("*") if _is_music(file, top)]


def _is_music(file: Path, top: Path) -> bool:
    if file.suffix.lower().removeprefix(".") not in SOUNDS or not file.is_file():
        return False
    # A link that leads out of the folder is not part of it.
    return file.resolve().is_relative_to(top) and file.stat().st_size <= _LARGEST
