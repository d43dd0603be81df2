"""The models, loaded once for everybody and warmed before the first visitor needs them."""

from __future__ import annotations

import os

import streamlit as st
import torch

from diary.analysis import Analyst
from parts.visitor import t


@st.cache_resource(show_spinner=False)
def _analyst() -> Analyst:
    torch.set_num_threads(os.cpu_count() or 1)
    return Analyst.load()


def warm() -> None:
    """Called once by the front door when the server starts."""
    _analyst()


def analyst() -> Analyst:
    """The models; whoever comes while they still wake up is told so."""
    with st.spinner(t("analyse.waking")):
        return _analyst()
