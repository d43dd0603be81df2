"""Fetches the larger versions of Whisper from the Hugging Face hub, for `haru-admin speech NAME`. Nothing else does.

It uses plain HTTPS: huggingface_hub starts a download that was cut from the beginning, and a file here may have 1.6 GB.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import settings
from inference import model_card
from inference.weights import WeightsError
from stt import model_folder

ATTEMPTS = 4
"""So often the hub may fail in a row; any byte that arrives starts the count again."""
PAUSE_SECONDS = 2.0
TIMEOUT_SECONDS = 30.0
SPARE_BYTES = 200_000_000
"""Free space that is left to the diary, which is in the same folder."""
_CHUNK_BYTES = 1 << 20

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes of the whole model."""


class FetchError(RuntimeError):
    """The model was not fetched; the message says why and what to do."""


@dataclass(frozen=True)
class File:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Version:
    """A model on the hub. Sizes and checksums belong to that one revision, so that nobody can exchange the files."""

    repository: str
    revision: str
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


_TOKENS_OF_2022 = (
    File("tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    File("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
)
# The repositories are those that faster-whisper uses under these names.
VERSIONS = {
    "small": Version(
        "Systran/faster-whisper-small",
        "536b0662742c02347bc0e980a01041f333bce120",
        (
            File("config.json", 2_370, "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"),
            *_TOKENS_OF_2022,
            File("model.bin", 483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"),
        ),
    ),
    "medium": Version(
        "Systran/faster-whisper-medium",
        "08e178d48790749d25932bbc082711ddcfdfbc4f",
        (
            File("config.json", 2_257, "3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807"),
            *_TOKENS_OF_2022,
            File("model.bin", 1_527_906_378, "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae"),
        ),
    ),
    "large-v3-turbo": Version(
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
        (
            File("config.json", 2_263, "b0253ea6c0d3bea6b1e19e91a02acfd3b53f4467362efcb5a3e6b16c9b3a9b7e"),
            File("preprocessor_config.json", 340, "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"),
            File("tokenizer.json", 2_710_337, "297b13372ac43916285644fb9687add3cc62ee2a1adb60da3dc25cc94c1871fd"),
            File("vocabulary.json", 1_068_114, "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"),
            File("model.bin", 1_617_884_929, "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da"),
        ),
    ),
}


def is_here(name: str) -> bool:
    """Whether the model was fetched and is undamaged."""
    try:
        model_folder.check(settings.speech_model_folder(name))
    except WeightsError:
        return False
    return True


def unfinished_folder(name: str) -> Path:
    """Where the files of a model are until all of them are here and verified."""
    folder = settings.speech_model_folder(name)
    return folder.with_name(f"{folder.name}.unfinished")


def fetch(name: str, progress: Progress) -> Path:
    """Fetches what is missing of a model; returns its folder. Raises `FetchError`.

    The folder appears once every file is verified. After an interruption, another call continues.
    """
    version = VERSIONS[name]
    folder, unfinished = settings.speech_model_folder(name), unfinished_folder(name)
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        with _locked(unfinished):
            _take_over(version, folder, unfinished)
            _check_space(version, unfinished)
            for file in version.files:
                _fetch_file(version, file, unfinished, progress)
            model_folder.write_checksums(unfinished)
            model_folder.check(unfinished)
            if folder.exists():  # damaged; its undamaged files were taken over
                shutil.rmtree(folder)
            unfinished.rename(folder)
    except WeightsError as error:
        raise FetchError(str(error)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            shutil.rmtree(unfinished, ignore_errors=True)  # the diary needs the space
            raise FetchError(f"The disk of {unfinished.parent} is full; what was fetched is removed again.") from error
        raise FetchError(f"Haru cannot write to {unfinished.parent} ({error.strerror}).") from error
    return folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise FetchError("Another haru-admin is fetching this model.") from error
    try:
        yield
    finally:
        os.close(descriptor)


def _take_over(version: Version, folder: Path, unfinished: Path) -> None:
    """Moves the undamaged files of a damaged folder, or of one that somebody copied here."""
    for file in version.files:
        if _is_whole(folder / file.name, file):
            (folder / file.name).rename(unfinished / file.name)


def _check_space(version: Version, unfinished: Path) -> None:
    missing = version.size - _fetched(version, unfinished)
    free = shutil.disk_usage(unfinished).free
    if free < missing + SPARE_BYTES:
        raise FetchError(
            f"{_megabytes(missing)} must still be fetched, and {_megabytes(SPARE_BYTES)} are for the diary, but "
            f"{unfinished.parent} has {_megabytes(free)} free. Free some space, or set HARU_DATA to another disk."
        )


def _fetch_file(version: Version, file: File, unfinished: Path, progress: Progress) -> None:
    target = unfinished / file.name
    failures = 0
    while (before := _size(target)) < file.size:
        try:
            for _ in _fetch_rest(version, file, target):
                progress(_fetched(version, unfinished), version.size)
            reason = "it sends too little"
        except _HubFailed as error:
            reason = str(error)
        failures = 0 if _size(target) > before else failures + 1
        if failures == ATTEMPTS:
            raise FetchError(
                f"{_endpoint()} cannot be reached, or fails ({reason}). Check the connection of this machine and run "
                "the command again; it continues where it stopped."
            )
        if failures:
            time.sleep(PAUSE_SECONDS)
    if not _is_whole(target, file):
        target.unlink()
        raise FetchError(
            f"{_endpoint()} sent another {file.name} than the one that Haru knows; the file is removed again. Run the "
            "command again; if that does not help, unset HF_ENDPOINT or update Haru."
        )


class _HubFailed(Exception):
    """The hub could not be reached, or the connection was cut; a later attempt may succeed."""


def _fetch_rest(version: Version, file: File, target: Path) -> Iterator[None]:
    """Appends what is missing of a file; yields after each chunk."""
    size = _size(target)
    with closing(_answer(version, file, size)) as answer:
        # A server that knows no ranges sends the whole file again.
        if answer.status != http.client.PARTIAL_CONTENT:
            size = 0
        with target.open("ab" if size else "wb") as opened:
            while size <= file.size and (chunk := _read(answer)):
                opened.write(chunk)
                size += len(chunk)
                yield


def _answer(version: Version, file: File, start: int) -> Any:
    address = f"{_endpoint()}/{version.repository}/resolve/{version.revision}/{file.name}"
    headers = {"User-Agent": "haru-admin"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the address of the hub
        return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code >= 500 or error.code in (http.client.TOO_MANY_REQUESTS, http.client.REQUEST_TIMEOUT):
            raise _HubFailed(f"status {error.code}") from error
        raise FetchError(
            f"{address} cannot be fetched (status {error.code}). Unset HF_ENDPOINT if it is set, or update Haru."
        ) from error
    except urllib.error.URLError as error:
        raise _HubFailed(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _HubFailed(str(error) or type(error).__name__) from error


def _read(answer: Any) -> bytes:
    try:
        return answer.read(_CHUNK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise _HubFailed(str(error) or type(error).__name__) from error


def _endpoint() -> str:
    """The hub, or the mirror that its users set for all of its clients."""
    endpoint = (os.environ.get("HF_ENDPOINT", "").strip() or "https://huggingface.co").rstrip("/")
    if not endpoint.startswith(("https://", "http://")):
        raise FetchError(f"HF_ENDPOINT must be the address of a hub, not {endpoint!r}. Correct it or unset it.")
    return endpoint


def _fetched(version: Version, folder: Path) -> int:
    return sum(_size(folder / file.name) for file in version.files)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _is_whole(path: Path, file: File) -> bool:
    return _size(path) == file.size and model_card.sha256(path) == file.sha256


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
