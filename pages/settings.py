"""Settings: language, calendar, reminders, consents, data, account, ways to sign in, tokens, deleting the account."""

from __future__ import annotations

import streamlit as st

from components import notice, recognisers
from components.account_links import account_link, sign_out_form
from components.entry import dictation
from components.settings.app_lock import app_lock_section
from components.settings.browsers import browsers_section
from components.settings.choices import choice, switch
from components.settings.identity import identity_section
from components.settings.passkeys import passkeys_section
from components.settings.second_factor import second_factor_section
from components.settings.tokens import token_list
from components.theme import theme_choice
from components.trusted.allowed import allowed_list
from components.visitor import t, visitor, zone
from demo import state
from diary import accounts, calendar, consents, corrections, on_this_day, spoken_language
from language import LANGUAGES
from reminders import sender
from understanding import fusion

person = visitor()

st.title(t("settings.title"), anchor=False)

# Beside each other in a wide window (assets/style/settings.css).
columns = st.container(key="settings_columns")
left, right = columns.container(key="settings_left"), columns.container(key="settings_right")

with left:
    st.header(t("settings.language"), anchor=False)
    chosen = st.segmented_control(
        t("settings.language_label"),
        list(LANGUAGES),
        default=person.language,
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="language_choice",
    )
    if chosen != person.language and chosen in LANGUAGES:
        accounts.set_language(person, chosen)
        st.rerun()
    theme_choice()

    st.header(t("settings.calendar"), anchor=False)
    weekdays = dict(enumerate(t("days.weekdays").split(",")))
    choice(person, calendar.FIRST_WEEKDAY, (6, 0, 5), t("settings.first_weekday"), weekdays)
    rules = {rule: t(f"settings.days_mood_{rule}") for rule in ("latest", "strongest")}
    choice(person, calendar.DAYS_MOOD, tuple(rules), t("settings.days_mood"), rules)
    switch(person, on_this_day.ON_THIS_DAY, t("settings.on_this_day"))
    st.caption(t("settings.on_this_day_means"))

    st.header(t("tracker.title"), anchor=False)
    st.write(t("tracker.means"))
    st.page_link(page="pages/trackers.py", label=t("tracker.manage"), icon=":material/checklist:")

    st.header(t("reminder.title"), anchor=False)
    st.write(t("reminder.means"))
    st.write(t("weekly.short"))
    st.page_link(page="pages/data.py", label=t("reminder.open"), icon=":material/notifications:")

    st.header(t("trusted.title"), anchor=False)
    st.write(t("trusted.short"))
    allowed_list(person, zone())
    st.page_link(page="pages/trusted.py", label=t("trusted.manage"), icon=":material/diversity_1:")

    if not state.is_on():  # nobody knows a password of the demo's diary
        app_lock_section(person)

    st.header(t("settings.data"), anchor=False)
    st.write(t("settings.data_means"))
    st.page_link(page="pages/data.py", label=t("settings.to_data"), icon=":material/inventory_2:")

with right:
    st.header(t("settings.consent"), anchor=False)
    given = consents.given(person.account_id)
    for kind in consents.OPTIONAL:
        allowed = st.toggle(t(f"consent.{kind}"), value=kind in given, key=f"consent_{kind}")
        st.caption(t(f"consent.{kind}_means"))
        if allowed != (kind in given):
            consents.set_given(person, kind, allowed)
            if kind == "transcript" and not allowed:
                dictation.stop_all()
            is_deleting = kind == "media" and not allowed
            notice.show_after_rerun(t("settings.media_off" if is_deleting else "settings.consent_saved"))
            st.rerun()
        if kind == "transcript" and allowed:
            spoken = {code: t(f"settings.spoken_{code}") for code in (spoken_language.DETECTED, *LANGUAGES)}
            choice(person, spoken_language.SPOKEN_LANGUAGE, tuple(spoken), t("settings.spoken_language"), spoken)
    for sentence in recognisers.sentences_of_missing(fusion.SOURCES):
        st.info(sentence)

    if places := sender.count_places(person.account_id):
        st.write(t("settings.reminders_go_to", count=places))
        st.page_link(page="pages/data.py", label=t("settings.reminders_change"), icon=":material/notifications:")

    st.page_link("pages/models.py", label=t("models.how_well"), icon=":material/science:")

    learning = st.toggle(t("settings.learn"), value=corrections.is_learning(person), key="learn_choice")
    st.caption(t("settings.learn_means"))
    if learning != corrections.is_learning(person):
        corrections.set_learning(person, learning)
        notice.show_after_rerun(t("settings.consent_saved"))
        st.rerun()
    if learning and st.button(t("settings.forget"), key="forget_habits"):
        corrections.forget(person)
        notice.show_after_rerun(t("settings.forgotten"))
        st.rerun()

    st.header(t("settings.account"), anchor=False)
    account_link("/account/password", t("settings.password"))
    account_link("/account/recovery-code", t("settings.recovery"))
    browsers_section(person, zone())
    sign_out_form(t("settings.sign_out"))
    sign_out_form(t("settings.everywhere"), everywhere=True)

    passkeys_section(person)
    second_factor_section(person)
    identity_section(person)

    st.header(t("token.title"), anchor=False)
    token_list(person)

    st.header(t("settings.leaving"), anchor=False)
    st.write(t("settings.leaving_means"))
    account_link("/account/delete", t("settings.delete"))
