"""What reminders need without Streamlit: a browser that replaced its push subscription by itself tells it here."""

from __future__ import annotations

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from diary import errors
from reminders import devices

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


routes = [Route("/account/reminders/renewed", _renewed, methods=["POST"])]
