"""A WebDAV server and an S3 service, run for a test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import flask_cors  # noqa: F401 - moto's server needs it
from cheroot.wsgi import Server
from flask import Flask  # noqa: F401 - moto's server is written with it
from moto.server import ThreadedMotoServer
from wsgidav.wsgidav_app import WsgiDAVApp

USER, PASSWORD = "haru", "a word: ü@/"
KEY_ID, SECRET = "AKIAHARU", "a secret access key"


@contextmanager
def webdav(folder: Path) -> Iterator[str]:
    """Serves a folder to one user; its address."""
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/dav": str(folder)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    server = Server(("127.0.0.1", 0), app)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}/dav"
    finally:
        server.stop()


@contextmanager
def s3(bucket: str) -> Iterator[str]:
    """A service with one bucket; its address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        client(address).create_bucket(Bucket=bucket)
        yield address
    finally:
        server.stop()


def client(address: str):
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
    )
