"""A folder of music on the server, for people who run Haru themselves; only if a setting names it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

import settings
from components import uploads
from components.entry.capture import SOUNDS
from components.visitor import t

VARIABLE = settings.MUSIC_FOLDER.name
MAX_FILES = 50
_MAX_BYTES = uploads.MUSIC * 1024 * 1024


def root() -> Path | None:
    """The folder that the setting names, if it exists. Everybody with an account can analyse its music."""
    folder = settings.MUSIC_FOLDER.get()
    return folder.resolve() if folder and folder.is_dir() else None


def folders() -> list[str]:
    """The folders that hold music: this one and its subfolders, as paths relative to it."""
    top = root()
    return _folders_with_music(str(top)) if top else []


def files(folder: str) -> list[Path]:
    """The music directly in one of these folders."""
    top = root()
    if top is None or folder not in folders() or not (top / folder).is_dir():
        return []
    return [file for file in sorted((top / folder).iterdir()) if _is_music(file, top)]


def choose_files() -> dict[str, Path]:
    """Asks for a folder; returns its first files by name. Empty where the setting is off."""
    available = folders()
    if not available:
        return {}
    folder = st.selectbox(t("own.folder"), available, index=None, placeholder=t("own.folder_none"), key="own_folder")
    if folder is None:
        return {}
    every_file = files(folder)
    found = every_file[:MAX_FILES]
    if len(found) < len(every_file):
        st.caption(t("own.folder_first", count=len(found), every=len(every_file)))
    else:
        st.caption(t("own.folder_count", count=len(found)))
    return {file.name: file for file in found}


# Cached: a walk through twenty thousand files takes one or two seconds, too long for every rerun.
@st.cache_data(ttl=60, show_spinner=False)
def _folders_with_music(top: str) -> list[str]:
    parents = {file.parent for file in Path(top).rglob("*") if _is_music(file, Path(top))}
    return sorted(str(folder.relative_to(top)) for folder in parents)


def _is_music(file: Path, top: Path) -> bool:
    if file.suffix.lower().removeprefix(".") not in SOUNDS or not file.is_file():
        return False
    # A symbolic link must not lead out of the folder.
    return file.resolve().is_relative_to(top) and file.stat().st_size <= _MAX_BYTES
