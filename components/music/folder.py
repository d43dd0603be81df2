"""A folder of music on the machine that serves Haru, for those who run their own: only where a setting names it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

import settings
from components import uploads
from components.entry.capture import SOUNDS
from components.visitor import t

VARIABLE = settings.MUSIC_FOLDER.name
FILES_AT_MOST = 50
_LARGEST = uploads.MUSIC * 1024 * 1024


def root() -> Path | None:
    """The folder that the setting names, if there is one. Everybody with an account here can hear what is in it."""
    folder = settings.MUSIC_FOLDER.get()
    return folder.resolve() if folder and folder.is_dir() else None


def folders() -> list[str]:
    """The folder itself and those below it that hold music, as paths from it. What leads out of it is not there."""
    top = root()
    return _holding(str(top)) if top else []


def files(folder: str) -> list[Path]:
    """All the music that lies directly in one of these folders."""
    top = root()
    if top is None or folder not in folders() or not (top / folder).is_dir():
        return []
    return [file for file in sorted((top / folder).iterdir()) if _is_music(file, top)]


def chosen() -> dict[str, Path]:
    """What the person wants to be heard from the folder: nothing, where the setting is off."""
    there = folders()
    if not there:
        return {}
    folder = st.selectbox(t("own.folder"), there, index=None, placeholder=t("own.folder_none"), key="own_folder")
    if folder is None:
        return {}
    everything = files(folder)
    found = everything[:FILES_AT_MOST]
    if len(found) < len(everything):
        st.caption(t("own.folder_first", count=len(found), every=len(everything)))
    else:
        st.caption(t("own.folder_count", count=len(found)))
    return {file.name: file for file in found}


# A library of twenty thousand files takes a second or two to walk through: not at every touch of the page.
@st.cache_data(ttl=60, show_spinner=False)
def _holding(top: str) -> list[str]:
    holding = {file.parent for file in Path(top).rglob("*") if _is_music(file, Path(top))}
    return sorted(str(folder.relative_to(top)) for folder in holding)


def _is_music(file: Path, top: Path) -> bool:
    if file.suffix.lower().removeprefix(".") not in SOUNDS or not file.is_file():
        return False
    # A link that leads out of the folder is not part of it.
    return file.resolve().is_relative_to(top) and file.stat().st_size <= _LARGEST
