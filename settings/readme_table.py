"""The READMEs' configuration table: every setting, in this order."""

from __future__ import annotations

from typing import Any

from settings import accounts, backups, demo, folders, live, models, monitoring, music, network, provider, reminders
from settings.setting import Row, Setting, Text

ALL: tuple[Setting[Any], ...] = (
    *(folders.DATA, network.ADDRESS, demo.DEMO_LANGUAGE, live.ICE_SERVERS, music.MUSIC_FOLDER, music.YOUTUBE_KEY),
    *(models.WEIGHTS, models.FREE_WEIGHTS, models.SPEECH_MODEL, models.SPEECH_MINUTES),
    *(accounts.SIGN_UP, accounts.ACCOUNT_ENTRIES, accounts.ACCOUNT_MEGABYTES),
    *(backups.BACKUPS, backups.BACKUP_KEY, backups.BACKUP_TO, backups.BACKUP_USER, backups.BACKUP_PASSWORD),
    *(network.PUBLIC_URL, network.BASE_PATH),
    *(reminders.SMTP, reminders.SMTP_FROM, reminders.APPRISE_URL, reminders.APPRISE_LABEL),
    *(provider.OIDC_ISSUER, provider.OIDC_CLIENT_ID, provider.OIDC_CLIENT_SECRET, provider.OIDC_NAME),
    *(provider.OIDC_SIGN_UP, network.FORWARDED_ALLOW_IPS),
    *(monitoring.METRICS_TOKEN, monitoring.LOG_LEVEL, monitoring.LOG_FORMAT),
)

# make and Streamlit read these; Haru itself does not.
_OTHER_ROWS = (
    Row("PORT", Text("port of `make run` and `make demo`", "`make run`과 `make demo`의 포트"), Text("8501", "8501")),
    Row(
        "STREAMLIT_SERVER_ALLOWED_HOSTS",
        Text("host names that Haru answers to, separated by commas", "하루가 응답할 호스트 이름, 쉼표로 구분해요"),
        Text("`localhost`, `127.0.0.1`, `::1`", "`localhost`, `127.0.0.1`, `::1`"),
    ),
)

_HEAD = Text(
    "| variable | what it sets | default |\n| --- | --- | --- |", "| 변수 | 정하는 것 | 기본값 |\n| --- | --- | --- |"
)


def table(language: str) -> str:
    """The READMEs' configuration table in one language, as Markdown."""
    rows = [(setting.row, " (`_FILE`)" if setting.is_secret else "") for setting in ALL]
    rows += [(row, "") for row in _OTHER_ROWS]
    lines = [
        f"| `{row.name}`{mark} | {getattr(row.meaning, language)} | {getattr(row.default, language)} |"
        for row, mark in rows
    ]
    return "\n".join([getattr(_HEAD, language), *lines])
