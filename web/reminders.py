"""What reminders need without Streamlit.

A browser that replaced its push subscription by itself says so here, and the link in each mail stops the mails.
"""

from __future__ import annotations

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from diary import errors
from reminders import addresses, devices, mail
from web import templates

_BODY_MAX = 8 * 1024


async def _renewed(request: Request) -> Response:
    """Stores the new subscription. Only who knows the old endpoint, a long secret, can name it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return Response(status_code=413)
    try:
        content = json.loads(body)
        if not isinstance(content, dict):
            return Response(status_code=400)
        is_known = await to_thread.run_sync(devices.renew, content.get("old"), content.get("renewed"))
    except (ValueError, RecursionError, errors.DeviceUnusable):
        return Response(status_code=400)
    except errors.DatabaseError:
        return Response(status_code=503)
    return Response(status_code=204 if is_known else 404)


async def _stop(request: Request) -> Response:
    """Stops the mails to one address: who has the token in the link has got a mail.

    A GET changes nothing, because programs follow links to check them. A POST comes from the page's button, or from a
    mail program (RFC 8058), which has no session and no form's token.
    """
    token = request.path_params["token"]
    try:
        act = addresses.stop if request.method == "POST" else addresses.is_stop_token
        if not await to_thread.run_sync(act, token):
            raise errors.LinkUnusable
    except errors.DiaryError as error:
        return templates.render(request, "reminder_stop.html", error=error)
    return templates.render(request, "reminder_stop.html", {"is_stopped": request.method == "POST"})


routes = [
    Route("/account/reminders/renewed", _renewed, methods=["POST"]),
    Route(mail.STOP + "{token}", _stop, methods=["GET", "POST"]),
]
