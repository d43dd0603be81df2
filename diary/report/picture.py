"""Renders a PDF page as a PNG."""

from __future__ import annotations

import io
import threading

import pypdfium2

# PDFium is not thread-safe.
_one_at_a_time = threading.Lock()


def as_png(drawn: bytes, width: int) -> bytes:
    """The first page of a PDF, `width` pixels wide, made in memory and without metadata."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(drawn)
        try:
            page = document[0]
            scale = width / page.get_width()
            drawn_page = page.render(scale=scale).to_pil().convert("RGB")
            # PDFium rounds up and so adds an edge that is not part of the page.
            picture = drawn_page.crop((0, 0, width, round(page.get_height() * scale)))
        finally:
            document.close()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
