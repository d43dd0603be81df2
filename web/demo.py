"""The demo's two routes: sign-in by one click, and reset. app.py adds them only in a demo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo import state
from diary import errors
from web import cookies, forms, templates
from web.sign_in import SIGN_IN

SIGN_IN_BY_CLICK, RESET = "/account/demo", "/account/demo/reset"
_RESET_DELAY = 1.5
"""Seconds that the browser gets to leave the page that posted the form."""


def routes(close_all_sessions: Callable[[], None]) -> list[Route]:
    """`close_all_sessions` runs after a reset and removes the visitors' data from the server's memory."""
    return [
        Route(SIGN_IN_BY_CLICK, _by_one_click(state.sign_in), methods=["POST"]),
        Route(RESET, _by_one_click(state.reset, then=close_all_sessions), methods=["POST"]),
    ]


def _by_one_click(
    start_session: Callable[[], str], then: Callable[[], None] | None = None
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not state.is_on():  # checked again, because a reset replaces the diary
            return RedirectResponse(SIGN_IN, status_code=303)
        try:
            await forms.read(request)
            token = await to_thread.run_sync(start_session)
        except errors.DiaryError as error:
            return templates.render(request, "sign_in.html", error=error)
        response = RedirectResponse(
            "/", status_code=303, background=BackgroundTask(_after_the_redirect, then) if then else None
        )
        cookies.set_session(request, response, token)
        cookies.clear_demo_step(response)  # the next visitor begins with the first step
        return response

    return endpoint


async def _after_the_redirect(then: Callable[[], None]) -> None:
    """Waits until the browser has left the page that posted: a rerun of it would redirect to sign-in."""
    await asyncio.sleep(_RESET_DELAY)
    then()
