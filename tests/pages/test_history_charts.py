"""History: its charts, and what it says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, visit_with
from tests.pages.conftest import Visit


def fill_three_months(person) -> None:
    for ago in range(1, 90):
        day = (TODAY - timedelta(days=ago)).isoformat()
        runs = ago % 3 == 0
        keep(
            person,
            day,
            "happiness" if runs else "sadness",
            at="08:30" if ago % 2 else "21:15",
            tags=("running",) if runs else (),
            source="hand" if runs else "voice",
        )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_section_of_history_has_its_charts_and_each_has_a_name_and_a_table(
    visit: Callable[..., Visit], language: str
) -> None:
    there = visit_with(visit, "pages/history.py", fill_three_months, language=language)
    for section, charts in (("time", 2), ("rhythm", 2), ("tags", 1), ("models", 1), ("compare", 1)):
        if section == "compare":
            there.app.button_group(key="history_period").set_value("month").run()
        there.app.button_group(key="history_section").set_value(section).run()
        there.expect_calm()
        drawn = there.app.get("plotly_chart")
        assert len(drawn) == charts, section
        assert all(chart.proto.alt for chart in drawn), section
        assert len({chart.proto.alt for chart in drawn}) == charts, section
        assert sum(expander.label == there.t("history.as_table") for expander in there.app.expander) == charts, section


def test_history_says_what_its_charts_show(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/history.py", fill_three_months)
    # 89 of 90 days; every third one happy.
    assert there.says(
        there.t("history.shares_says", days=89, length=90, commonest="\ue6a6\xa0Sadness 67%, \ue6a0\xa0Happiness 33%")
    )
    there.app.button_group(key="history_section").set_value("tags").run()
    assert there.says("**\\#running** (days: 29): pleasantness +0.81, on other days −0.63")
    assert there.says("\ue6a0\xa0Happiness 100%, on other days 0%")
    there.app.button_group(key="history_section").set_value("rhythm").run()
    assert there.says(there.t("history.hour_means", count=0))
    there.app.button_group(key="history_section").set_value("models").run()
    assert there.says("Voice 60, By hand 29")
    assert there.says(there.t("history.never_read"))


def test_history_keeps_quiet_where_there_are_too_few_days(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in range(1, 6):
            keep(person, (TODAY - timedelta(days=ago)).isoformat(), tags=("running",))

    there = visit_with(visit, "pages/history.py", fill)
    assert there.says(there.t("history.flow_kept", days=5, length=90))
    assert there.says(there.t("history.flow_too_few", enough=10))
    assert there.says(there.t("history.shares_too_few", enough=7))
    (dots,) = there.app.get("plotly_chart")
    assert dots.proto.alt == there.t("history.flow_alt"), "no chart of the shares of five days"
    there.app.button_group(key="history_section").set_value("tags").run()
    assert there.says(there.t("history.tags_too_few", enough=10))
    assert not there.says("running")
    there.app.button_group(key="history_section").set_value("rhythm").run()
    assert there.says(there.t("history.too_few_groups", enough=10))
    there.app.button_group(key="history_section").set_value("compare").run()
    assert not there.app.get("plotly_chart")


def test_history_beside_the_year_before(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in range(1, 21):
            keep(person, (TODAY - timedelta(days=ago)).isoformat(), "happiness")
            keep(person, (TODAY - timedelta(days=365 + ago)).isoformat(), "sadness")

    there = visit_with(visit, "pages/history.py", fill)
    there.app.button_group(key="history_section").set_value("compare").run()
    assert not there.app.get("plotly_chart")
    there.app.button_group(key="history_beside").set_value("year_before").run()
    there.expect_calm()
    assert there.says(there.t("history.compare_days", now=20, then=20))
    assert there.says("\ue6a0\xa0Happiness, 0% → 100%") or there.says("\ue6a6\xa0Sadness, 100% → 0%")
    assert not there.says(f"({there.t('certainty.chance')})")
