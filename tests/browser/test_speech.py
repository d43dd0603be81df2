"""A recording is written down into the note while the person may be typing in it; nothing of either is lost.

The server's speech to text is a fake (tests/browser/speech_server.py): each test says what is decoded, and when.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, open_parts, opening, screenshot, serving, settle, walk_to
from tests.browser.test_accessible import faults
from tests.browser.test_today import record
from tests.thoroughness import usually_first

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TYPED = {"ko": "월요일 아침", "en": "Monday morning"}
FIRST = {"ko": "오늘은 아침부터 비가 *왔어요.", "en": "It rained from the *morning on."}
SECOND = {"ko": "그래도 친구를 만나서 좋았어요.", "en": "But I met a friend, and it was good."}


def plain(sentence: str) -> str:
    return sentence.replace("*", "")


@pytest.fixture(scope="module")
def speaking_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("speech")
    with serving(folder, tmp_path_factory.mktemp("temporary"), module="tests.browser.speech_server") as app:
        yield app


@pytest.fixture
def open_page(chromium: Browser, speaking_app: RunningApp) -> Iterator[Callable[..., Page]]:
    with opening(chromium, speaking_app) as open_haru:
        yield open_haru


@pytest.fixture
def decode(speaking_app: RunningApp) -> Callable[..., None]:
    """Lets the server decode these segments next."""

    def add(*said: str, finish: bool = False, **end: str) -> None:
        lines: list[dict] = [{"say": text} for text in said]
        if finish or end:
            lines.append(end or {"finish": True})
        with (speaking_app.data / "said.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    return add


class Today:
    """Somebody on Today who allows writing down, with an empty form."""

    def __init__(self, open_page: Callable[..., Page], language: str, width: int, name: str, *allowed: str) -> None:
        self.language = language
        self.page = open_page(language, width, person=f"{name} {language}", allowed=("transcript", *allowed))
        open_parts(self.page, language, "line", "speak")

    def t(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    @property
    def note(self) -> Locator:
        return self.page.get_by_label(self.t("entry.note"))

    @property
    def marks(self) -> Locator:
        return self.page.locator(".haru-unsure mark")

    @property
    def unsent(self) -> Locator:
        """The note while the server has not all of it."""
        return self.page.locator("textarea[data-haru-unsafe]")

    def record(self) -> None:
        record(self.page, self.language, seconds=1)
        expect(self.page.get_by_role("button", name=self.t("transcript.stop"))).to_be_visible()
        settle(self.page)

    def caret(self) -> int:
        return self.note.evaluate("area => area.selectionStart")

    def reload(self) -> None:
        self.page.reload()
        settle(self.page)


@pytest.mark.parametrize(("language", "width", "scheme"), usually_first(("ko", 390, "dark"), ("en", 1280, "light")))
def test_a_day_that_is_only_spoken(
    open_page: Callable[..., Page], decode: Callable[..., None], language: str, width: int, scheme: str
) -> None:
    """Record, stop, a mood, keep; then it is found by a word."""
    there = Today(lambda *args, **options: open_page(*args, color_scheme=scheme, **options), language, width, "Only")
    page, t = there.page, there.t
    there.record()
    decode(FIRST[language])
    expect(there.note).to_have_value(plain(FIRST[language]))
    screenshot(page, f"speech-{language}-{width}-running")
    decode(SECOND[language], finish=True)
    expect(page.get_by_text(t("transcript.undo"), exact=True)).to_be_visible()
    expect(there.note).to_have_value(f"{plain(FIRST[language])} {SECOND[language]}")
    expect(there.marks).to_have_count(1)
    settle(page)
    assert faults(page) == []
    screenshot(page, f"speech-{language}-{width}-done")
    page.get_by_role("radio", name=BY_KEY["happiness"].name(language)).click()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("saved.happiness"))).to_be_visible()
    walk_to(page, "/find")
    page.get_by_label(t("find.words")).fill({"ko": "친구를", "en": "friend"}[language])
    page.keyboard.press("Enter")
    expect(page.get_by_text(t("find.found", count=1))).to_be_visible()


def test_typing_and_words_at_the_same_time(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    there = Today(open_page, "en", 1280, "Both")
    there.record()
    typed = "I am typing this while it writes down what I said before"
    decode("One.")
    there.note.click()
    for number, letter in enumerate(typed):
        there.note.press_sequentially(letter, delay=60)
        if number in (15, 35):
            decode("Two." if number == 15 else "Three.")
        if number == 45:
            decode(finish=True)
    expect(there.page.get_by_text(there.t("transcript.undo"), exact=True)).to_be_visible()
    expect(there.note).to_have_value(re.compile(r"One\. Two\. Three\."))
    value = there.note.input_value()
    assert sorted(value.replace("One. Two. Three.", "").strip()) == sorted(typed)
    assert typed in value  # the caret never moved away from the sentence
    expect(there.note).to_be_focused()
    expect(there.unsent).to_have_count(0)
    there.reload()
    expect(there.note).to_have_value(value)


def test_words_come_below_what_was_not_sent_yet(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    """A letter every fifth of a second: no pause is long enough to send anything."""
    there = Today(open_page, "en", 390, "Unsent")
    there.record()
    there.note.click()
    there.note.press_sequentially("Monday", delay=200)
    decode("It rained.")
    there.note.press_sequentially(" morning, then the evening", delay=200)
    expect(there.note).to_have_value("Monday morning, then the evening\nIt rained.")
    assert there.caret() == len("Monday morning, then the evening")
    decode(finish=True)


def test_what_is_typed_is_sent_after_a_pause_and_when_the_page_is_left(open_page: Callable[..., Page]) -> None:
    """After a pause without leaving the field: the caret and the focus stay.

    When the page is left, at once: by a reload, and on a telephone by turning to another app. A server that reads
    nothing more from the page's websocket gets it all the same.
    """
    there = Today(open_page, "en", 390, "Leaver")
    there.note.click()
    there.note.press_sequentially("half a thought ")
    there.page.keyboard.press("Home")
    expect(there.unsent).to_have_count(0)
    settle(there.page)
    expect(there.note).to_be_focused()
    assert there.caret() == 0
    is_deaf = False

    def pass_on(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if is_deaf else server.send(message))

    there.page.route_web_socket("**/_stcore/stream*", pass_on)
    there.reload()
    expect(there.note).to_have_value("half a thought ")
    is_deaf = True
    there.note.press("Control+End")
    there.note.press_sequentially("before the reload")
    with there.page.expect_request("**/left-note"):
        there.page.reload()
    is_deaf = False
    there.reload()
    expect(there.note).to_have_value("half a thought before the reload")
    is_deaf = True
    there.note.press("Control+End")
    there.note.press_sequentially(", and after it")
    with there.page.expect_request("**/left-note"):
        there.page.evaluate(
            """Object.defineProperty(document, "hidden", { value: true });
            document.dispatchEvent(new Event("visibilitychange"))"""
        )
    is_deaf = False
    again = there.page.context.new_page()
    there.page.close()
    again.goto("/")
    expect(again.get_by_label(there.t("entry.note"))).to_have_value("half a thought before the reload, and after it")


def test_a_syllable_that_is_being_composed_stays_whole(
    open_page: Callable[..., Page], decode: Callable[..., None]
) -> None:
    there = Today(open_page, "ko", 390, "Composed")
    there.record()
    there.note.click()
    keyboard = there.page.context.new_cdp_session(there.page)
    for composed in ("ㅎ", "하", "할"):
        keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": 1, "selectionEnd": 1})
    decode("비가 왔어요.")
    there.page.wait_for_timeout(2_500)
    expect(there.note).to_have_value("할")
    keyboard.send("Input.insertText", {"text": "하루"})
    expect(there.note).to_have_value("하루\n비가 왔어요.")
    decode(finish=True)


def test_unsure_words_are_marked_until_they_are_touched(
    open_page: Callable[..., Page], decode: Callable[..., None]
) -> None:
    there = Today(open_page, "en", 390, "Unsure")
    there.record()
    decode("It was a *foggy day, a *long one.", "We *walked.", finish=True)
    expect(there.marks).to_have_text(["foggy", "long", "walked"])
    described = there.page.locator(f"#{there.note.get_attribute('aria-describedby')}")
    expect(described).to_have_text(there.t("transcript.unsure", words="foggy, long, walked"))
    settle(there.page)

    # Each line lies under its word: a click on it puts the caret into that word.
    box = there.marks.nth(1).bounding_box()
    there.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    value = there.note.input_value()
    assert value.index("long") <= there.caret() <= value.index("long") + len("long")
    expect(there.marks).to_have_text(["foggy", "walked"])

    # Words before them may change: the lines move along.
    there.page.keyboard.press("Control+Home")
    there.page.keyboard.type("Yes. ")
    expect(there.marks).to_have_text(["foggy", "walked"])
    for _ in range(len("Yes. It was a fog")):
        there.page.keyboard.press("ArrowRight")
    expect(there.marks).to_have_text(["walked"])
    there.page.keyboard.press("Control+End")
    there.page.keyboard.press("Backspace")
    there.page.keyboard.press("Backspace")
    expect(there.marks).to_have_count(0)
    expect(there.note).to_have_value("Yes. It was a foggy day, a long one. We walke")
    expect(described).to_be_hidden()

    # Touched is touched, also after another page.
    there.page.get_by_role("radio", name=BY_KEY["fear"].en).click()
    settle(there.page)
    expect(there.marks).to_have_count(0)
    there.page.get_by_role("link", name=there.t("nav.help")).first.click()
    there.page.get_by_role("link", name=there.t("nav.today")).first.click()
    expect(there.note).to_have_value("Yes. It was a foggy day, a long one. We walke")
    settle(there.page)
    expect(there.marks).to_have_count(0)


def test_undo_and_back_again(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    there = Today(open_page, "ko", 1280, "Undo")
    there.note.fill(TYPED["ko"])
    there.record()
    decode(FIRST["ko"], finish=True)
    whole = f"{TYPED['ko']}\n{plain(FIRST['ko'])}"
    expect(there.note).to_have_value(whole)
    there.page.get_by_role("button", name=there.t("transcript.undo")).click()
    expect(there.note).to_have_value(TYPED["ko"])
    expect(there.marks).to_have_count(0)
    there.page.get_by_role("button", name=there.t("transcript.put_back")).click()
    expect(there.note).to_have_value(whole)
    expect(there.marks).to_have_count(1)
    there.note.press("Control+End")
    there.note.press_sequentially(" 끝")
    there.page.get_by_role("button", name=there.t("transcript.undo")).click()
    expect(there.note).to_have_value(re.compile(f"^{TYPED['ko']}\n? 끝$"))


def test_save_waits_for_the_last_words(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    there = Today(open_page, "en", 390, "Saver")
    there.note.fill(TYPED["en"])
    there.record()
    decode("It rained.")
    there.page.get_by_role("radio", name=BY_KEY["fear"].en).click()
    settle(there.page)
    there.page.get_by_role("button", name=there.t("entry.save"), exact=True).click()
    expect(there.page.get_by_text(there.t("transcript.save_now"))).to_be_visible()
    screenshot(there.page, "speech-en-390-saving")
    decode("Then it stopped.", finish=True)
    expect(there.page.get_by_text(there.t("saved.fear"))).to_be_visible()
    kept = there.page.get_by_test_id("stText").get_by_text(TYPED["en"])
    expect(kept).to_have_text(f"{TYPED['en']}\nIt rained. Then it stopped.", use_inner_text=True)
    expect(there.note).to_have_value("")


def test_another_page_and_a_closed_tab(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    there = Today(open_page, "ko", 390, "Away")
    there.note.fill(TYPED["ko"])
    there.record()
    decode("하나.")
    expect(there.note).to_have_value(f"{TYPED['ko']}\n하나.")
    there.page.get_by_role("link", name=there.t("nav.help")).first.click()
    expect(there.note).to_have_count(0)
    decode("둘.")
    there.page.wait_for_timeout(1_000)
    there.page.get_by_role("link", name=there.t("nav.today")).first.click()
    expect(there.note).to_have_value(f"{TYPED['ko']}\n하나. 둘.")
    settle(there.page)
    decode("셋.")
    expect(there.note).to_have_value(f"{TYPED['ko']}\n하나. 둘. 셋.")
    there.page.wait_for_timeout(1_000)
    again = there.page.context.new_page()
    there.page.close()
    again.goto("/")
    expect(again.get_by_label(there.t("entry.note"))).to_have_value(f"{TYPED['ko']}\n하나. 둘. 셋.")
    decode(finish=True)


def test_withdrawn_in_another_tab_it_ends_at_once_and_no_word_is_in_the_log(
    speaking_app: RunningApp, open_page: Callable[..., Page], decode: Callable[..., None]
) -> None:
    there = Today(open_page, "en", 1280, "Withdrawn")
    there.record()
    decode("A heffalump crossed the street.")
    expect(there.note).to_have_value("A heffalump crossed the street.")
    other = there.page.context.new_page()
    other.goto("/settings")
    settle(other)
    other.get_by_text(there.t("consent.transcript")).click()
    expect(other.get_by_text(there.t("settings.consent_saved"))).to_be_visible()
    expect(there.page.get_by_text(there.t("capture.recording_off"))).to_be_visible()
    expect(there.page.get_by_role("button", name=there.t("transcript.stop"))).to_have_count(0)
    decode("Nobody reads this.", finish=True)
    there.page.wait_for_timeout(1_500)
    expect(there.note).to_have_value("A heffalump crossed the street.")
    assert "heffalump" not in speaking_app.log.read_text(errors="replace")
    database = b"".join(Path(file).read_bytes() for file in speaking_app.data.glob("haru.db*"))
    assert b"heffalump" not in database


def test_refusals(open_page: Callable[..., Page], decode: Callable[..., None]) -> None:
    language = "ko"
    there = Today(open_page, language, 390, "Refused")
    name = {"ko": "독일어", "en": "German"}[language]
    there.record()
    decode(refuse="other_language", language="de")
    there.page.get_by_role("button", name=there.t("transcript.all_the_same", name=name)).wait_for()
    screenshot(there.page, f"speech-{language}-390-other-language")
    there.page.get_by_role("button", name=there.t("transcript.all_the_same", name=name)).click()
    expect(there.page.get_by_role("button", name=there.t("transcript.stop"))).to_be_visible()
    decode(refuse="no_words")
    expect(there.page.get_by_text(there.t("transcript.no_words"))).to_be_visible()
    screenshot(there.page, f"speech-{language}-390-no-words")
