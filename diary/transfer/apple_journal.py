"""Parses the export of Apple's Journal: a zip with `Entries/`, an HTML page for each entry, and `Resources/`.

The shape is that which peterdev22/applejournal-to-md, zydezu/applejournaltowebpage and david419kr/AppleJournal2Diarium
read. The file's name begins with the day; `div.pageHeader` prints it in the phone's language. Attachments are
`div.gridItem.assetType_photo`, `…_video`, `…_stateOfMind` and others, with their pictures in `Resources/`. The writing
stands in or after the containers, so every word outside header and attachments counts.

A state of mind is a mood ("Very Pleasant") with the words that the person chose for it, which become tags.
"""

from __future__ import annotations

import posixpath
import re
from datetime import date
from urllib.parse import unquote

from diary import errors
from diary.photos import PHOTOS_MAX
from diary.transfer import dates, rich_text
from diary.transfer.foreign_photos import ForeignPhotos
from diary.transfer.parsed import ForeignEntry, ParsedMedium
from diary.transfer.rich_text import TextOfHtml

_ENTRY = re.compile(r"(?:^|/)Entries/[^/]+\.html?$", re.IGNORECASE)
_DAY_IN_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_KIND = re.compile(r"assetType_(\w+)")
_YEAR_FIRST = re.compile(r"(\d{4})\s*년?[\s./-]*(\d{1,2})\s*월?[\s./-]*(\d{1,2})")
_WORDS = re.compile(r"[,·、•\n]")
_PHOTOS = ("photo", "livePhoto")
_APART = ("pageHeader", "gridItem")
"""Blocks whose words are not the person's writing."""
_WORDS_MAX = 40  # of one entry's states of mind


def is_entry(name: str) -> bool:
    return bool(_ENTRY.search(name))


def read(name: str, page: str, place: int, photos: ForeignPhotos) -> ForeignEntry | None:
    """The entry of one page; None if it is empty. `place` counts the pages."""
    reader = _Page()
    try:
        reader.feed(page)
    except ValueError as error:
        raise errors.LineUnreadable(place=place) from error
    mood, *further = reader.state_of_mind or [""]
    media = _photos(posixpath.dirname(name), reader, photos)
    note = reader.text()
    if not (note or media or mood):
        return None
    return ForeignEntry(
        mood=mood, day=_day(name, rich_text.tidied(reader.header), place), note=note, tags=tuple(further), photos=media
    )


def _photos(folder: str, page: _Page, photos: ForeignPhotos) -> tuple[ParsedMedium, ...]:
    resources = posixpath.join(posixpath.dirname(folder), "Resources")
    stems = [posixpath.splitext(posixpath.basename(unquote(source)))[0] for source in page.pictures]
    photos.left_out += page.attachments + max(len(stems) - PHOTOS_MAX, 0)
    found = (photos.find(resources, stem) for stem in stems[:PHOTOS_MAX])
    return tuple(medium for medium in found if medium is not None)


def _day(name: str, header: str, place: int) -> date:
    try:
        if found := _DAY_IN_NAME.match(posixpath.basename(name)) or _YEAR_FIRST.search(header):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise errors.DateUnreadable(place=place) from error
    # "Saturday, 14 September 2024", "Sunday, January 14, 2024"
    words = [word for word in re.split(r"[\s,]+", header) if word]
    year = next((word for word in words if re.fullmatch(r"\d{4}", word)), "")
    if not year:
        raise errors.DateUnreadable(place=place)
    rest = [word for word in words if word != year][-2:]
    return dates.days_of([(place, " ".join(rest), year)])[0]


class _Page(TextOfHtml):
    """Reads one page, and tells its header, its attachments and its writing apart."""

    def __init__(self) -> None:
        super().__init__()
        self.header = ""
        self.pictures: list[str] = []
        self.attachments = 0
        """Those that are neither photographs nor states of mind."""
        self.state_of_mind: list[str] = []
        self._open: list[set[str]] = []
        """Which of `_APART` each open `div` is."""
        self._depth: dict[str, int] = dict.fromkeys(_APART, 0)
        self._kind = ""
        self._overlay = ""

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "div":
            self._open_block(attributes.get("class", ""))
        source = attributes.get("src")
        if tag == "img" and source and self._depth["gridItem"] and self._kind in _PHOTOS:
            self.pictures.append(source)
        if not any(self._depth.values()):
            super().on_start(tag, attributes)

    def on_end(self, tag: str) -> None:
        is_apart = any(self._depth.values())
        if tag == "div" and self._open:
            self._close_block()
        if not is_apart:
            super().on_end(tag)

    def on_words(self, words: str) -> None:
        if self._depth["pageHeader"]:
            self.header += words
        elif self._kind == "stateOfMind":
            self._overlay += words
        elif not any(self._depth.values()):
            super().on_words(words)

    def _open_block(self, classes: str) -> None:
        apart = set(classes.split()) & set(_APART)
        self._open.append(apart)
        for name in apart:
            self._depth[name] += 1
        if "gridItem" in apart:
            found = _KIND.search(classes)
            self._kind = found[1] if found else "unknown"
            self.attachments += self._kind not in (*_PHOTOS, "stateOfMind")

    def _close_block(self) -> None:
        apart = self._open.pop()
        for name in apart:
            self._depth[name] -= 1
        chosen = (" ".join(word.split()) for word in _WORDS.split(self._overlay))
        self.state_of_mind += [word for word in chosen if word and word not in self.state_of_mind][:_WORDS_MAX]
        self._overlay = ""
        if "gridItem" in apart:
            self._kind = ""
