"""Puts the words of Streamlit's own widgets, which are English only, into the person's language.

Streamlit has no setting for them. A script of ours changes them in the page (assets/frame/widget_words.js).
"""

from __future__ import annotations

from streamlit.components.v2 import component

import settings
from components.visitor import current_language, t

WORDS = {
    "Record": "record",
    "Start recording": "record",
    "Stop recording": "stop_recording",
    "Clear recording": "clear_recording",
    "Play": "play",
    "Pause": "pause",
    "Reset": "reset",
    "An error has occurred, please try again.": "recording_failed",
    "This app would like to use your microphone.": "allow_microphone",
    "Learn how to allow access.": "how_to_allow",
    "Upload": "choose_file",
    "file upload": "choose_file",
    "Add files": "add_files",
    "Drag and drop a file here": "drop_here",
    "Drag and drop files here": "drop_here",
    "Choose date": "choose_date",
    "Choose date range": "choose_dates",
    "Clear date": "clear",
    "Clear dates": "clear",
    "Clear time": "clear",
    "Clear value": "clear",
    "Clear entry": "clear",
    "Clear all": "clear_all",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "calendar_keys",
    "Next month": "next_month",
    "Previous month": "previous_month",
    "Invalid time format. Please use HH:MM.": "invalid_time",
    "Open": "open_list",
    "Dismiss": "close",
    "Close": "close",
    "No results": "no_results",
    "Selectbox options": "options",
    "Multiselect options": "options",
    "Selected values": "selected",
    "Select all": "select_all",
    "Choose an option": "choose_one",
    "Choose options": "choose_some",
    "Choose or add an option": "choose_or_add",
    "Choose or add options": "choose_or_add",
    "Increment": "increment",
    "Decrement": "decrement",
    "Number is above the allowed range.": "too_large",
    "Number is below the allowed range.": "too_small",
    "Press Enter to apply": "enter_applies",
    "Show password": "show_password",
    "Hide password": "hide_password",
    "Download failed": "download_failed",
    "Scrollable table": "table",
    "Audio player": "audio_player",
    "Audio source failed to load": "audio_failed",
    "Image source failed to load": "image_failed",
    "Scroll tabs left": "scroll_left",
    "Scroll tabs right": "scroll_right",
    "Notifications": "notifications",
    "Empty": "empty",
    "yyyy": "yyyy",
    "mm": "mm",
    "dd": "dd",
}
"""Streamlit's words, each with the part of its key in the locale files after "widget."."""
FAILURES = {
    "AxiosError: Request failed with status code 413": "upload_too_much",
    "AxiosError: Request failed with status code 503": "upload_busy",
    "AxiosError: Network Error": "upload_failed",
}
"""What the uploader says where the server refused a file (web/uploads.py) or was not reached."""
PATTERNS = {
    r"^(.+) per file$": "each_file",
    r"^Remove (.+)$": "remove",
    r"^Add: (.+)$": "add",
    r"^(\d+) options? available\.$": "options_available",
    r"^year, (.*)$": "year_of",
    r"^month, (.*)$": "month_of",
    r"^day, (.*)$": "day_of",
    r"^hour, (.*)$": "hour_of",
    r"^minute, (.*)$": "minute_of",
    r"^(.*) start date$": "start_of",
    r"^(.*) end date$": "end_of",
}
"""Regular expressions for words around a name or number; "{0}" in the translation is what stands in the brackets."""
_DATES = (r"^Selected Date: (\w+ \d+, \d{4})$",)
"""English dates, which the browser itself writes in the person's language."""
_SCRIPT = component(
    "haru_widget_words",
    html="<span></span>",
    js=(settings.ASSETS / "frame" / "widget_words.js").read_text(encoding="utf-8"),
)


def widget_words() -> None:
    """Draws the script, which shows nothing itself. Call it once on each page."""
    _SCRIPT(
        key="widget_words",
        data={
            "language": current_language(),
            "words": {english: t(f"widget.{name}") for english, name in (WORDS | FAILURES).items()},
            "patterns": [[pattern, t(f"widget.{name}")] for pattern, name in PATTERNS.items()],
            "dates": [[pattern, t("widget.chosen_day")] for pattern in _DATES],
            "frame": t("part.live"),
        },
    )
