"""The demo's two extra doors: in by one click, and back to the beginning. They exist only while the demo is on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo import state
from diary import errors
from web import cookies, forms, templates
from web.sign_in import SIGN_IN

COME_IN, RESET = "/account/demo", "/account/demo/reset"
_LEAVING_SECONDS = 1.5


def routes(empty_the_house: Callable[[], None]) -> list[Route]:
    """`empty_the_house` drops what the server still holds in memory of visitors once the diary is as it was."""
    return [
        Route(COME_IN, _by_one_click(state.come_in), methods=["POST"]),
        Route(RESET, _by_one_click(state.reset, then=empty_the_house), methods=["POST"]),
    ]


def _by_one_click(enter: Callable[[], str], then: Callable[[], None] | None = None) -> Callable:
    async def endpoint(request: Request) -> Response:
        if not state.is_on():  # the routes are only added where it is; asked again, for what they can do
            return RedirectResponse(SIGN_IN, status_code=303)
        try:
            await forms.read(request)
            token = await to_thread.run_sync(enter)
        except errors.DiaryError as error:
            return templates.render(request, "sign_in.html", error=error)
        response = RedirectResponse(
            "/", status_code=303, background=BackgroundTask(_once_it_left, then) if then else None
        )
        cookies.set_session(request, response, token)
        return response

    return endpoint


async def _once_it_left(then: Callable[[], None]) -> None:
    """The tab that asked is on its way to the new page; told any sooner, it would turn back to the door."""
    await asyncio.sleep(_LEAVING_SECONDS)
    then()
