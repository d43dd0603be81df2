"""Which weights the recognisers use, and which model writes recordings down."""

from __future__ import annotations

import os
from pathlib import Path

from settings.folders import DATA
from settings.readers import as_path, switch
from settings.setting import Row, Setting, Text

SPEECH_MODELS = ("small", "medium", "large-v3-turbo")
"""The larger versions of Whisper that `haru-admin speech` fetches."""


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(as_path(part) for part in text.split(os.pathsep) if part)


def _check_weights(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if not path.exists():
            raise ValueError(f"names {path}, which does not exist.")
        if not path.is_dir() and path.suffix not in (".safetensors", ".json"):
            raise ValueError(f"names {path}, which is neither a folder nor a .safetensors or .json file.")


WEIGHTS: Setting[tuple[Path, ...]] = Setting(
    Row(
        "HARU_WEIGHTS",
        Text(
            "weights that you trained: files or folders, separated as in `PATH`",
            "직접 학습한 가중치: 파일이나 폴더, `PATH`처럼 구분해요",
        ),
        Text("the weights in `assets/weights`", "`assets/weights`의 가중치"),
    ),
    parse=_paths,
    default=(),
    check=_check_weights,
)
FREE_WEIGHTS: Setting[bool] = Setting(
    Row(
        "HARU_FREE_WEIGHTS",
        Text(
            "`1` uses only weights that allow any use (`docs/licences.md`): voices and faces are not read",
            "`1`이면 어떤 목적에든 쓸 수 있는 가중치만 써요(`docs/licences.md`). 목소리와 얼굴은 읽지 않아요",
        ),
        Text("all in `assets/weights`", "`assets/weights`에 있는 모두"),
    ),
    parse=switch,
    default=False,
)


def speech_model_folder(name: str) -> Path:
    """Where `haru-admin speech` puts a model: in the data folder, which outlives an update of Haru."""
    return DATA.get() / "models" / f"whisper-{name}"


def _speech_model(text: str) -> Path:
    return speech_model_folder(text) if text in SPEECH_MODELS else as_path(text)


def _check_speech_model(path: Path | None) -> None:
    if path is None or path.is_dir():
        return
    for name in SPEECH_MODELS:
        if path == speech_model_folder(name):
            raise ValueError(f"names {name}, which is not here yet: run `haru-admin speech {name}` first.")
    raise ValueError(f"names {path}, which is not a folder; the names are {', '.join(SPEECH_MODELS)}.")


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= 24 * 60:
        raise ValueError(f"must be a number of minutes from above 0 to 1440, not {text!r}.")
    return minutes


SPEECH_MODEL: Setting[Path | None] = Setting(
    Row(
        "HARU_SPEECH_MODEL",
        Text(
            "model that writes recordings down: a folder, or a name that `haru-admin speech` fetched "
            "(`small`, `medium`, `large-v3-turbo`)",
            "녹음을 받아 적는 모델: 폴더, 또는 `haru-admin speech`로 받아 둔 이름(`small`, `medium`, `large-v3-turbo`)",
        ),
        Text("Whisper base in `assets/weights/stt`", "`assets/weights/stt`의 Whisper base"),
    ),
    parse=_speech_model,
    default=None,
    check=_check_speech_model,
)
SPEECH_MINUTES: Setting[float] = Setting(
    Row(
        "HARU_SPEECH_MINUTES",
        Text(
            "minutes without a recording after which that model leaves the memory",
            "녹음이 없으면 그 모델을 메모리에서 내리기까지의 시간(분)",
        ),
        Text("10", "10"),
    ),
    parse=_minutes,
    default=10.0,
)
