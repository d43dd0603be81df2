"""The largest file of each page comes through Streamlit's own limit."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from streamlit.runtime import get_instance

from components import uploads
from tests.web.conftest import Browser
from web import streamlit_private

BOUNDARY = "a-boundary-that-is-in-no-file"


def in_a_form(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{"n" * 250}.zip"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    ("megabytes", "status"), [(uploads.DIARY, 204), (uploads.MUSIC, 204), (uploads.SERVER + 1, 413)]
)
def test_the_largest_file_that_a_page_takes(served: TestClient, browser: Browser, megabytes: int, status: int) -> None:
    browser.sign_up()
    browser.get("/_stcore/health")  # brings the token that an upload has to send back
    token = browser.cookies["_streamlit_xsrf"]
    cookie = f"haru_session={browser.session}; _streamlit_xsrf={token}"
    headers = {"cookie": cookie, "host": "localhost", "origin": "http://localhost"}
    runtime = get_instance()
    before = streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (tab,) = streamlit_private.open_session_ids() - before
        answer = browser.ask(
            "PUT",
            f"/_stcore/upload_file/{tab}/1",
            content=in_a_form(bytes(megabytes * 2**20)),
            headers={"X-Xsrftoken": token, "content-type": f"multipart/form-data; boundary={BOUNDARY}"},
        )
        assert answer.status_code == status
        kept = runtime.uploaded_file_mgr.get_files(tab, ["1"])
        assert [len(file.data) for file in kept] == ([megabytes * 2**20] if status == 204 else [])
        runtime.uploaded_file_mgr.remove_session_files(tab)
