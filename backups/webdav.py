"""A folder of a WebDAV server, such as Nextcloud's, for sealed backups. Needs requirements-backup.txt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import httpx
from webdav4.client import Client, ClientError, HTTPError, ResourceNotFound

from backups.place import PlaceError
from backups.sealing import CHUNK, Sealer

_SECONDS = 60.0
"""For each answer of the server, not for a whole upload."""
_UNFINISHED = ".unfinished"


class WebDav:
    """One folder."""

    def __init__(self, url: str, user: str, password: str) -> None:
        auth = (user, password) if user else None
        self._client = Client(url, auth=auth, retry=False, timeout=_SECONDS)

    def sizes(self) -> dict[str, int]:
        """The files in the folder, which is made if it is not there yet."""
        with _translated():
            try:
                listed = self._client.ls("", detail=True)
            except ResourceNotFound:
                self._client.mkdir("")
                return {}
            files = [item for item in listed if isinstance(item, dict) and item["type"] == "file"]
            return {item["name"].rpartition("/")[2]: item["content_length"] or 0 for item in files}

    def put(self, name: str, content: Sealer) -> None:
        """Uploads under another name first: a server may keep the half of a broken upload."""
        with _translated():
            unfinished = name + _UNFINISHED
            self._client.upload_fileobj(
                content,  # type: ignore[arg-type] - only `read` is used
                unfinished,
                overwrite=True,
                chunk_size=CHUNK,
                size=content.size,
            )
            self._client.move(unfinished, name, overwrite=True)

    def get(self, name: str, into: BinaryIO) -> None:
        with _translated():
            self._client.download_fileobj(name, into, chunk_size=CHUNK)

    def remove(self, name: str) -> None:
        with _translated():
            self._client.remove(name)


@contextmanager
def _translated() -> Iterator[None]:
    """Replaces the errors of the packages by a sentence without address or password."""
    try:
        yield
    except ResourceNotFound as error:
        raise PlaceError("The WebDAV server has no such file.") from error
    except HTTPError as error:
        raise PlaceError(f"The WebDAV server answered {error.status_code}.") from error
    except httpx.HTTPStatusError as error:
        raise PlaceError(f"The WebDAV server answered {error.response.status_code}.") from error
    except httpx.HTTPError as error:
        raise PlaceError(f"The WebDAV server was not reached ({type(error).__name__}).") from error
    except ClientError as error:
        raise PlaceError(f"The WebDAV server refused ({type(error).__name__}).") from error
