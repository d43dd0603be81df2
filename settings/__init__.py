"""Haru's settings: every HARU_* environment variable with its type, its default and its row in the READMEs.

`Setting.get` reads a variable each time it is used; `exit_if_invalid` checks all of them when Haru starts. This package
imports only the standard library, so that every other module can import it.

A new setting goes into the file of its subject, into this list of names and into `readme_table.ALL`.

python -m settings en      prints the configuration table of README.md (ko: of README.ko.md)
"""

from settings.accounts import ACCOUNT_ENTRIES, ACCOUNT_MEGABYTES, SIGN_UP, SIGN_UP_MODES
from settings.backups import (
    BACKUP_KEY,
    BACKUP_KEY_BYTES,
    BACKUP_PASSWORD,
    BACKUP_TO,
    BACKUP_USER,
    BACKUPS,
    BackupPlace,
    KeptBackups,
    backup_key_check,
)
from settings.demo import DEMO_LANGUAGE
from settings.folders import ASSETS, DATA, PROJECT
from settings.live import ICE_SERVERS
from settings.models import (
    FREE_WEIGHTS,
    SPEECH_MINUTES,
    SPEECH_MODEL,
    SPEECH_MODELS,
    WEIGHTS,
    speech_model_folder,
)
from settings.monitoring import LOG_FORMAT, LOG_LEVEL, METRICS_TOKEN
from settings.music import MUSIC_FOLDER, YOUTUBE_KEY
from settings.network import (
    ADDRESS,
    BASE_PATH,
    FORWARDED_ALLOW_IPS,
    PUBLIC_URL,
    is_for_this_machine_only,
    is_safe_address,
)
from settings.provider import OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ISSUER, OIDC_NAME, OIDC_SIGN_UP
from settings.readme_table import ALL, table
from settings.reminders import APPRISE_LABEL, APPRISE_URL, SMTP, SMTP_FROM, SmtpServer
from settings.setting import Row, Setting, SettingError, Text
from settings.startup import exit_if_invalid, misspelt, problems
