"""Finding one's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from diary import entries
from diary.entries import NewEntry
from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, ZONE, visit_with
from tests.pages.conftest import Visit


def test_a_search_is_still_there_after_a_day_was_opened(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        keep(person, "2025-11-03", "happiness", note="rain", tags=("walk",))
        keep(person, "2025-11-04", "sadness", note="rain")

    there = visit_with(visit, "pages/find.py", fill)
    there.app.text_input(key="find_words").set_value("rain").run()
    there.app.button_group(key="find_moods").set_value(["happiness"]).run()
    there.app.date_input(key="find_from").set_value(date(2025, 11, 1)).run()
    assert there.says(there.t("find.found", count=1))
    there.app.switch_page("pages/days.py").run()
    there.app.switch_page("pages/find.py").run()
    there.expect_calm()
    assert there.app.text_input(key="find_words").value == "rain"
    assert there.app.button_group(key="find_moods").value == ["happiness"]
    assert there.app.date_input(key="find_from").value == date(2025, 11, 1)
    assert there.says(there.t("find.found", count=1))
    # A tag that is gone meanwhile is no filter any more.
    there.app.multiselect(key="find_tags").set_value(["walk"]).run()
    there.app.switch_page("pages/days.py").run()
    (entry,) = [entry for entry in entries.every(there.session) if entry.tags]
    entries.delete(there.session, entry.id)
    there.app.switch_page("pages/find.py").run()
    there.expect_calm()
    assert there.app.multiselect(key="find_tags").value == []
    there.app.text_input(key="find_words").set_value("").run()
    there.app.switch_page("pages/days.py").run()
    there.app.switch_page("pages/find.py").run()
    assert there.app.text_input(key="find_words").value == ""


def test_finding_ones_own_words(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        keep(person, "2025-11-03", "happiness", note="도서관에서 <b>책</b>을 읽었다", tags=("책",))
        keep(person, "2025-11-04", "sadness", note="비가 왔다", tags=("비",))

    there = visit_with(visit, "pages/find.py", fill)
    assert there.says(there.t("find.how"))
    there.app.text_input(key="find_words").set_value("도서관은").run()
    there.expect_calm()
    assert there.says(there.t("find.found", count=1))
    html = " ".join(element.proto.body for element in there.app.get("html"))
    assert "<mark>도서관에서</mark> &lt;b&gt;책" in html  # marked, and never as HTML
    there.app.button_group(key="find_moods").set_value(["sadness"]).run()
    assert there.says(there.t("find.nothing"))
    there.app.text_input(key="find_words").set_value("").run()
    assert there.says(there.t("find.found", count=1))
    there.app.multiselect(key="find_tags").set_value(["책"]).run()
    assert there.says(there.t("find.nothing"))
    there.app.multiselect(key="find_tags").set_value([]).run()
    there.app.button_group(key="find_moods").set_value([]).run()
    there.app.date_input(key="find_from").set_value(date(2025, 11, 4)).run()
    assert there.says(there.t("find.found", count=1))
    (found,) = [button for button in there.app.button if (button.key or "").startswith("open_")]
    assert "2025" in found.label


def test_many_findings_are_shown_twenty_at_a_time(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for number in range(25):
            entries.add(person, NewEntry("neutral", 3, TODAY - timedelta(days=number), ZONE, note=f"rain {number}"))

    there = visit_with(visit, "pages/find.py", fill)

    def shown() -> int:
        return sum((button.key or "").startswith("open_") for button in there.app.button)

    there.app.text_input(key="find_words").set_value("rain").run()
    assert there.says(there.t("find.found", count=25))
    assert shown() == 20
    there.press_key("find_more")
    assert shown() == 25
    there.app.text_input(key="find_words").set_value("rai").run()
    assert shown() == 20
