"""The fixture that AppTest needs here, too."""

from tests.pages.conftest import installed_packages_are_searched_once

__all__ = ["installed_packages_are_searched_once"]
