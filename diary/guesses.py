"""What one guess at a password or a recovery code counts against (diary/throttle.py).

A browser that the account knows has a throttle of its own, so that no stranger can keep its person out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from diary import errors, known_browsers, throttle


@dataclass
class Guess:
    own: throttle.Try
    """Of this browser or address at this name: a right answer starts it again."""
    shared: tuple[throttle.Try, ...] = ()
    """Shared with strangers: a right answer takes back only itself, not what they tried."""
    _counted_at: str = ""

    def count(self) -> None:
        """Counts the guess before it is judged; raises `TooManyTries` while it has to wait."""
        with self._refusal():
            self._counted_at = throttle.count(self.own, *self.shared)

    def check(self) -> None:
        """Raises what `count` would raise, and counts nothing."""
        with self._refusal():
            throttle.check(self.own, *self.shared)

    def was_right(self) -> None:
        throttle.reset(*self.own)
        for limit, subject in self.shared:
            throttle.uncount(limit, subject, self._counted_at)

    @contextmanager
    def _refusal(self) -> Iterator[None]:
        try:
            yield
        except errors.TooManyTries as refused:
            if self.shared:
                raise errors.TooManyGuesses(**refused.facts) from refused
            raise


Limits = tuple[throttle.Limit, throttle.Limit, throttle.Limit]
"""For a browser that the account knows; for others by name and address; and by name."""
_OF_PASSWORDS: Limits = throttle.BY_BROWSER, throttle.BY_NAME_AND_ADDRESS, throttle.BY_NAME
_OF_CODES: Limits = throttle.RECOVERY_BY_BROWSER, throttle.RECOVERY_BY_NAME_AND_ADDRESS, throttle.RECOVERY_BY_NAME


def of_password(name: str, account: Mapping | None, address: str, browser: str) -> Guess:
    """`account` is the row of the name, if there is one, and `browser` the cookie of known browsers."""
    return _guess(_OF_PASSWORDS, name, account, address, browser)


def of_code(name: str, account: Mapping | None, address: str, browser: str) -> Guess:
    """As `of_password`, for a recovery code."""
    return _guess(_OF_CODES, name, account, address, browser)


def of_second_factor(account_id: str, browser: str) -> Guess:
    """As `of_password`, for a code after a right password: who tries already knows that."""
    if known := known_browsers.find(account_id, browser):
        return Guess((throttle.CODES_BY_BROWSER, known))
    return Guess((throttle.CODES_BY_ACCOUNT, account_id))


def check_password_may_be_tried(name: str, address: str, browser: str) -> None:
    """Refuses strangers who have to wait before their account is looked up, which takes a slow hash of the name.

    A browser that some account knows may not have to wait: that shows only with the account.
    """
    if not known_browsers.is_known(browser):
        _guess(_OF_PASSWORDS, name, None, address, browser).check()


def check_code_may_be_tried(name: str, address: str, browser: str) -> None:
    """As `check_password_may_be_tried`, for a recovery code."""
    if not known_browsers.is_known(browser):
        _guess(_OF_CODES, name, None, address, browser).check()


def _guess(limits: Limits, name: str, account: Mapping | None, address: str, browser: str) -> Guess:
    by_browser, by_name_and_address, by_name = limits
    # Looked up for unknown names too, so that they take as long as known ones.
    if known := known_browsers.find(account["id"] if account else "", browser):
        return Guess((by_browser, known))
    network = throttle.network_of(address)
    return Guess((by_name_and_address, f"{network} {name}"), ((by_name, name), (throttle.BY_ADDRESS, network)))
