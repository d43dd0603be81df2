"""Which browser and system signed in, as coarse as a person would say it: Firefox on Android."""

from __future__ import annotations

# The first that fits: most browsers also name others.
_BROWSERS = {
    "edge": ("Edg/", "EdgA/", "EdgiOS/"),
    "opera": ("OPR/", "Opera"),
    "samsung": ("SamsungBrowser/",),
    "whale": ("Whale/",),
    "firefox": ("Firefox/", "FxiOS/"),
    "chrome": ("Chrome/", "CriOS/", "Chromium/"),
    "safari": ("Safari/",),
}
_SYSTEMS = {
    "iphone": ("iPhone",),
    "ipad": ("iPad",),
    "android": ("Android",),
    "chromeos": ("CrOS",),
    "windows": ("Windows",),
    "macos": ("Macintosh",),
    "linux": ("Linux", "X11"),
}
NAMES = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "whale": "Whale",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "chromeos": "ChromeOS",
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
}


def described(header: str) -> tuple[str, str]:
    """The keys of the browser and the system in `NAMES`; empty for one that is not among them."""
    return _first(_BROWSERS, header), _first(_SYSTEMS, header)


def _first(known: dict[str, tuple[str, ...]], header: str) -> str:
    return next((key for key, signs in known.items() if any(sign in header for sign in signs)), "")
