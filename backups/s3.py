"""A bucket of S3, or of a service that speaks it, for sealed backups. Needs requirements-backup.txt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backups.place import PlaceError
from backups.sealing import Sealer
from settings import BackupPlace

# One part after another, so that few of them are in memory.
_TRANSFER = TransferConfig(multipart_chunksize=16 * 1024 * 1024, use_threads=False)


class S3:
    """The objects of one bucket whose names begin with a prefix."""

    def __init__(self, place: BackupPlace, user: str, password: str) -> None:
        self._bucket = place.bucket
        self._prefix = f"{place.prefix}/" if place.prefix else ""
        with _translated():
            self._client: Any = boto3.client(
                "s3",
                endpoint_url=place.url or None,
                region_name=place.region,
                # Without them, boto3 looks where it always does: its own variables, the machine's role.
                aws_access_key_id=user or None,
                aws_secret_access_key=password or None,
                config=Config(connect_timeout=20, read_timeout=60, retries={"max_attempts": 3}),
            )

    def sizes(self) -> dict[str, int]:
        """The objects directly below the prefix."""
        with _translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"
            )
            found = [item for page in pages for item in page.get("Contents", ())]
        return {item["Key"].removeprefix(self._prefix): item["Size"] for item in found}

    def put(self, name: str, content: Sealer) -> None:
        """Uploads; the service shows an object only once it is whole."""
        with _translated():
            self._client.upload_fileobj(content, self._bucket, self._prefix + name, Config=_TRANSFER)

    def get(self, name: str, into: BinaryIO) -> None:
        with _translated():
            self._client.download_fileobj(self._bucket, self._prefix + name, into, Config=_TRANSFER)

    def remove(self, name: str) -> None:
        with _translated():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)


@contextmanager
def _translated() -> Iterator[None]:
    """Replaces the errors of the package by a sentence without address or key."""
    try:
        yield
    except ClientError as error:
        raise PlaceError(
            f"The S3 service answered {error.response.get('Error', {}).get('Code', 'an error')}."
        ) from error
    except BotoCoreError as error:
        raise PlaceError(f"The S3 service was not reached ({type(error).__name__}).") from error
