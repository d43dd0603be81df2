"""Migrations of the database: numbered steps, applied in order. A released step is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from diary import names
from emotions import EMOTIONS

migrations = Migrations("haru")

ERASE = 1
"""`pragma user_version` after a step that removed something readable, until the file's free pages were erased."""


@migrations(name="0001_accounts")
def _accounts(db: Database) -> None:
    db.execute("""
        create table accounts (
            id text primary key,
            name text not null unique,           -- as compared: NFKC, case folded
            shown_name text not null,            -- as the person wrote it
            password_hash text not null,         -- argon2id, for signing in
            password_salt blob not null,         -- for the key that wraps the data key
            key_by_password blob not null,       -- the data key, wrapped by the password's key
            key_by_recovery blob,                -- the data key, wrapped by the recovery code's key
            pending_code blob,                   -- the recovery code, sealed by the data key until it was noted down
            language text not null,
            timezone text not null,
            created_at text not null
        ) strict
    """)
    db.execute("""
        create table consents (
            id integer primary key,
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('diary', 'voice', 'face', 'media')),
            given_at text not null,
            withdrawn_at text
        ) strict
    """)
    db.execute("create index consents_by_account on consents(account_id, kind)")
    db.execute("""
        create table sessions (
            token_hash text primary key,         -- SHA-256 of the cookie; the cookie itself is stored nowhere
            account_id text not null references accounts(id) on delete cascade,
            data_key blob not null,              -- the data key, wrapped by a key derived from the cookie
            created_at text not null,
            last_seen_at text not null,
            expires_at text not null
        ) strict
    """)
    db.execute("create index sessions_by_account on sessions(account_id)")
    db.execute("""
        create table tries (
            subject text primary key,            -- a keyed hash of what is being tried: a name, an address
            failures integer not null,
            last_at text not null,
            locked_until text
        ) strict
    """)


@migrations(name="0002_entries")
def _entries(db: Database) -> None:
    moods = ", ".join(f"'{key}'" for key in EMOTIONS)
    db.execute(f"""
        create table entries (
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- the calendar day in the person's own time zone
            happened_at text not null,           -- UTC
            time_known integer not null check (time_known in (0, 1)),
            timezone text not null,
            mood text not null check (mood in ({moods})),
            intensity integer not null check (intensity between 1 and 5),
            source text not null,                -- hand; voice, face, words, fusion once models read
            sealed blob not null,                -- note and tags, AES-GCM with the entry's id as associated data
            version integer not null,
            created_at text not null,
            updated_at text not null
        ) strict
    """)
    db.execute("create index entries_by_day on entries(account_id, day, happened_at)")


@migrations(name="0003_readings")
def _readings(db: Database) -> None:
    scores = ", ".join(f"{key} real not null" for key in EMOTIONS)
    db.execute(f"""
        create table readings (                  -- what each model said; what the person confirmed is in entries
            id integer primary key,
            entry_id text not null references entries(id) on delete cascade,
            source text not null check (source in ('voice', 'face', 'words', 'fusion')),
            model text not null,
            sure integer not null check (sure in (0, 1)),
            {scores},
            quality text not null,               -- JSON: measured facts about the input, numbers only
            created_at text not null
        ) strict
    """)
    db.execute("create index readings_by_entry on readings(entry_id)")


@migrations(name="0004_media")
def _media(db: Database) -> None:
    db.execute("""
        create table media (                     -- only for those who allowed it
            id text primary key,
            entry_id text not null references entries(id) on delete cascade,
            kind text not null check (kind in ('sound', 'picture')),
            mime text not null,
            sealed blob not null,
            created_at text not null
        ) strict
    """)
    db.execute("create index media_by_entry on media(entry_id)")


@migrations(name="0005_drafts")
def _drafts(db: Database) -> None:
    db.execute("""
        create table drafts (                    -- what was being written when the connection broke
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null,
            updated_at text not null
        ) strict
    """)


@migrations(name="0006_habits")
def _habits(db: Database) -> None:
    # The moment from which entries count for learning; null if the person switched learning off.
    db.execute("alter table accounts add column learns_since text")
    db.execute("update accounts set learns_since = created_at")


@migrations(name="0007_preferences")
def _preferences(db: Database) -> None:
    db.execute("""
        create table preferences (               -- how a person wants things shown; nothing of what they wrote
            account_id text not null references accounts(id) on delete cascade,
            name text not null,
            value text not null,                 -- JSON
            primary key (account_id, name)
        ) strict
    """)


@migrations(name="0008_music")
def _music(db: Database) -> None:
    db.execute("""
        create table tastes (                    -- what a person said of a piece of music, each saying a row
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- which piece, what was said, for which mood
            created_at text not null
        ) strict
    """)
    db.execute("create index tastes_by_account on tastes(account_id, created_at)")
    db.execute("""
        create table own_tracks (                -- music that a person brought along
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- its name and what was heard in it
            sound blob,                          -- sealed too; only for those who allowed it
            created_at text not null
        ) strict
    """)
    db.execute("create index own_tracks_by_account on own_tracks(account_id, created_at)")


@migrations(name="0009_speech_to_text")
def _speech_to_text(db: Database) -> None:
    # SQLite cannot change a check: the table is made anew with the consent to write recordings down.
    db.execute("""
        create table consents_new (
            id integer primary key,
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('diary', 'voice', 'transcript', 'face', 'media')),
            given_at text not null,
            withdrawn_at text
        ) strict
    """)
    db.execute("insert into consents_new select id, account_id, kind, given_at, withdrawn_at from consents")
    db.execute("drop table consents")
    db.execute("alter table consents_new rename to consents")
    db.execute("create index consents_by_account on consents(account_id, kind)")
    db.execute("""
        create table transcripts (               -- the words of a kept recording with their times
            medium_id text primary key references media(id) on delete cascade,
            sealed blob not null,
            created_at text not null
        ) strict
    """)


@migrations(name="0010_drafts_of_forms")
def _drafts_of_forms(db: Database) -> None:
    # A person may leave several forms unfinished: the new entry, an earlier day, the change of an entry.
    db.execute("""
        create table drafts_new (
            account_id text not null references accounts(id) on delete cascade,
            form text not null,                  -- new, an entry's id, or a day
            sealed blob not null,
            version integer not null,            -- counts the savings: another tab may have saved meanwhile
            updated_at text not null,
            primary key (account_id, form)
        ) strict
    """)
    db.execute("insert into drafts_new select account_id, 'new', sealed, 1, updated_at from drafts")
    db.execute("drop table drafts")
    db.execute("alter table drafts_new rename to drafts")


@migrations(name="0011_trackers")
def _trackers(db: Database) -> None:
    db.execute("""
        create table trackers (                  -- what a person counts besides moods: sleep, pain, steps
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- name, emoji and kind
            place integer not null,              -- the order on the page
            created_at text not null
        ) strict
    """)
    db.execute("create index trackers_by_account on trackers(account_id, place)")
    db.execute("""
        create table tracker_values (
            tracker_id text not null references trackers(id) on delete cascade,
            day text not null,
            sealed blob not null,                -- the number
            updated_at text not null,
            primary key (tracker_id, day)
        ) strict
    """)


@migrations(name="0012_photos")
def _photos(db: Database) -> None:
    # Not in `media`, whose check of the kind could only be changed by dropping it: that would delete all transcripts.
    db.execute("""
        create table photos (                    -- photographs of a day; only for those who allowed keeping pictures
            id text primary key,
            entry_id text not null references entries(id) on delete cascade,
            sealed blob not null,                -- a JPEG without its metadata
            created_at text not null
        ) strict
    """)
    db.execute("create index photos_by_entry on photos(entry_id)")


@migrations(name="0013_reminders")
def _reminders(db: Database) -> None:
    # The server sends reminders while the person is signed out: the person's own key cannot seal what these tables
    # hold. `sealed` is sealed by a key of the server's secret, which is no part of the database or of its backups.
    db.execute("""
        create table reminders (                 -- when a person wants to be reminded
            account_id text primary key references accounts(id) on delete cascade,
            at text not null,                    -- HH:MM on the person's clock
            weekdays text not null,              -- digits from 0, Monday, to 6
            since text not null                  -- UTC; reminders that were due earlier are not sent
        ) strict
    """)
    db.execute("""
        create table push_devices (              -- browsers that show reminders
            id text primary key,                 -- SHA-256 of the endpoint
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- the endpoint and the browser's keys
            created_at text not null
        ) strict
    """)
    db.execute("create index push_devices_by_account on push_devices(account_id)")
    db.execute("""
        create table reminder_addresses (        -- where else reminders go
            account_id text not null references accounts(id) on delete cascade,
            kind text not null check (kind in ('mail', 'channel')),
            sealed blob not null,                -- the address; until it is confirmed, the code that confirms it
            confirmed integer not null check (confirmed in (0, 1)),
            created_at text not null,
            primary key (account_id, kind)
        ) strict
    """)
    db.execute("""
        create table reminder_sendings (         -- what is being sent or was sent, so that it is sent once
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- the person's calendar day
            target text not null,                -- a device's id, mail or channel
            tries integer not null,
            next_at text not null,               -- UTC; no process tries again before
            sent integer not null check (sent in (0, 1)),
            primary key (account_id, day, target)
        ) strict
    """)


@migrations(name="0014_music_lists")
def _music_lists(db: Database) -> None:
    db.execute("""
        create table music_lists (               -- lists of tracks that a person saved
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null,                -- its name, its tracks, and the mood that it was for
            created_at text not null
        ) strict
    """)
    db.execute("create index music_lists_by_account on music_lists(account_id, created_at)")


@migrations(name="0015_known_browsers")
def _known_browsers(db: Database) -> None:
    db.execute("""
        create table known_browsers (            -- browsers that were signed in to the account before
            token_hash text primary key,         -- SHA-256 of a token in a cookie, which opens nothing
            account_id text not null references accounts(id) on delete cascade,
            used_at text not null
        ) strict
    """)
    db.execute("create index known_browsers_by_account on known_browsers(account_id)")
    db.execute("""
        create table steady_clock (              -- for the waits in tries: it does not jump with the machine's clock
            id integer primary key check (id = 1),
            boot text not null,                  -- the boot of the machine that it holds for
            started_at text not null             -- the time at that boot
        ) strict
    """)


@migrations(name="0016_api_tokens")
def _api_tokens(db: Database) -> None:
    db.execute("""
        create table api_tokens (                -- by which a person's programs use the API
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            token_hash text not null unique,     -- SHA-256 of the token; the token itself is stored nowhere
            by_token blob not null,              -- scopes, expiry and the inbox's public key, sealed by the token
            data_key blob,                       -- the data key, wrapped by the token; only where it may read notes
            by_owner blob not null,              -- name, scopes and expiry for the list, sealed by the data key
            created_at text not null,
            expires_at text not null,            -- to delete old rows; `by_token` decides
            last_used_at text
        ) strict
    """)
    db.execute("create index api_tokens_by_account on api_tokens(account_id)")
    db.execute("""
        create table inbox_keys (                -- the account's key pair for tokens that have no data key
            account_id text primary key references accounts(id) on delete cascade,
            private_key blob not null            -- sealed by the data key
        ) strict
    """)
    db.execute("""
        create table inbox (                     -- entries of such tokens, until the diary is opened next
            id text primary key,                 -- of the entry
            account_id text not null references accounts(id) on delete cascade,
            day text not null,                   -- so that a reminder knows that something was kept
            item_key blob not null,              -- for `sealed`, encrypted to the public key (HPKE)
            sealed blob not null,                -- the whole entry
            received_at text not null
        ) strict
    """)
    db.execute("create index inbox_by_account on inbox(account_id, day)")


@migrations(name="0017_names")
def _names(db: Database) -> None:
    db.execute("""
        create table name_salt (                 -- of the slow hashes of names
            id integer primary key check (id = 1),
            salt blob not null
        ) strict
    """)
    db.execute("alter table accounts add column own_name blob")  # as the person wrote it, sealed by the data key
    db.execute("alter table accounts add column server_name blob")  # the same, sealed by the server's secret
    if names.hide(db):
        db.execute(f"pragma user_version = {ERASE}")
    db.execute("alter table accounts rename column name to name_hash")
    db.execute("alter table accounts drop column shown_name")


@migrations(name="0018_passkeys")
def _passkeys(db: Database) -> None:
    db.execute("""
        create table passkeys (
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            credential_id blob not null unique,  -- by which a browser names it
            user_handle blob not null,           -- random; by which an authenticator tells accounts apart
            rp_id text not null,                 -- the host name that it works at
            public_key blob not null,            -- COSE
            sign_count integer not null,         -- the authenticator's own counter, or always 0
            salt blob not null,                  -- for the key that wraps the data key
            data_key blob not null,              -- the data key, wrapped by a key derived from the passkey's secret
            sealed blob not null,                -- the name that the person gave it
            created_at text not null,
            used_at text
        ) strict
    """)
    db.execute("create index passkeys_by_account on passkeys(account_id, created_at)")
    db.execute("""
        create table used_challenges (           -- what a browser answered, until it would be too old anyway
            hash text primary key,               -- SHA-256
            expires_at text not null
        ) strict
    """)


@migrations(name="0019_app_lock")
def _app_lock(db: Database) -> None:
    # While a session is locked, its data_key is empty: what is left of the key needs the PIN and the cookie.
    for column in (
        "locked_at text",
        "active_at text",                        # when the person last did something, if they use the lock
        "key_by_pin blob",                       # the data key, wrapped by a key of the PIN and the cookie
        "pin_salt blob",
        "wrong_pins integer not null default 0",
        "known_browser text",                    # its row in known_browsers, which ends with it
        "browser text not null default ''",      # coarse, as in "firefox" and "android"
        "system text not null default ''",
    ):  # fmt: skip
        db.execute(f"alter table sessions add column {column}")


@migrations(name="0020_second_factor")
def _second_factor(db: Database) -> None:
    db.execute("""
        create table second_factors (            -- of those who sign in with the code of an app, too
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null,                -- the app's secret
            last_step integer not null,          -- of the last code that was used: none counts twice
            since text not null
        ) strict
    """)
    db.execute("""
        create table backup_codes (              -- in place of an app's code, each once
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,
            sealed blob not null
        ) strict
    """)
    db.execute("create index backup_codes_by_account on backup_codes(account_id)")
    db.execute("""
        create table pending_sign_ins (          -- between the password and the code
            token_hash text primary key,         -- SHA-256 of the cookie
            account_id text not null references accounts(id) on delete cascade,
            data_key blob not null,              -- the data key, wrapped by a key derived from the cookie
            expires_at text not null
        ) strict
    """)
    db.execute("create index pending_sign_ins_by_account on pending_sign_ins(account_id)")


@migrations(name="0021_operator")
def _operator(db: Database) -> None:
    db.execute("""
        create table account_locks (             -- accounts that the operator locked
            account_id text primary key references accounts(id) on delete cascade,
            locked_at text not null
        ) strict
    """)
    db.execute("""
        create table invitations (               -- links that let one person each make an account
            id integer primary key,
            token_hash text not null unique,     -- SHA-256 of the token in the link, which is stored nowhere
            created_at text not null,
            expires_at text not null,
            account_id text references accounts(id) on delete cascade, -- whom it brought
            used_at text
        ) strict
    """)
    db.execute("create index invitations_by_account on invitations(account_id)")


@migrations(name="0022_ledgers")
def _ledgers(db: Database) -> None:
    db.execute("""
        create table ledgers (                   -- how many changes a diary had, and the sum of its proofs
            account_id text primary key references accounts(id) on delete cascade,
            sealed blob not null
        ) strict
    """)
    db.execute("""
        create table proofs (                    -- of the rows of a diary, by the account's key (diary/proofs.py)
            account_id text not null references accounts(id) on delete cascade,
            kind text not null,                  -- the table of the row
            row_id text not null,
            day text not null,                   -- of a tracker's value; otherwise empty
            proof blob not null,
            primary key (account_id, kind, row_id, day)
        ) strict, without rowid
    """)


@migrations(name="0023_trusted")
def _trusted(db: Database) -> None:
    db.execute("""
        create table trusted (                   -- who sees whether a person kept a day, with both persons' consent
            id text primary key,
            account_id text not null references accounts(id) on delete cascade,   -- whose days
            trusted_id text references accounts(id) on delete cascade,            -- who sees; null until accepted
            code_hash text unique,               -- SHA-256 of the code; null once accepted
            shows text not null check (shows in ('kept', 'moods')),
            sealed blob not null,                -- both names, by a key of the server's secret
            created_at text not null,
            expires_at text not null,            -- of the code
            accepted_at text,
            looked_at text,
            mailed_since text                    -- if the one who sees also wants it by mail, once a week
        ) strict
    """)
    db.execute("create index trusted_by_account on trusted(account_id)")
    db.execute("create index trusted_by_trusted on trusted(trusted_id)")


@migrations(name="0024_weekly_reminders")
def _weekly_reminders(db: Database) -> None:
    db.execute("""
        create table weekly_reminders (          -- when a person wants to hear once a week that their week is ready
            account_id text primary key references accounts(id) on delete cascade,
            at text not null,                    -- HH:MM on the person's clock
            weekdays text not null,              -- one digit from 0, Monday, to 6
            since text not null                  -- UTC; what was due earlier is not sent
        ) strict
    """)


@migrations(name="0025_identities")
def _identities(db: Database) -> None:
    db.execute("""
        create table identities (                -- who people are at the organisation's provider
            hash text primary key,               -- of issuer and subject, keyed by the server's secret
            account_id text not null unique references accounts(id) on delete cascade,
            created_at text not null
        ) strict
    """)
