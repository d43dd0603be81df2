"""Cuts fonts into what pages need, and writes assets/style/fonts.css.

python assets/fonts/slice.py FOLDER

FOLDER holds the woff2 files of the npm packages @fontsource/gowun-dodum and @fontsource/gowun-batang. A browser loads
only the slices whose letters are on the page. A font of all 11,172 syllables has 0.4 MB, the slice of the usual ones
0.06 MB. Of the 3,800 icons in Streamlit's font, the slice has those that the project and Streamlit's scripts name, and
some more. Needs fonttools and brotli.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
from collections import Counter
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
STREAMLIT = PROJECT / ".venv/lib/python3.11/site-packages/streamlit/static/static"
USUAL = 900
"""How many syllables the first slice holds: those of Haru's own sentences, then the most frequent of its examples."""
FAMILIES = (("Gowun Dodum", "gowun-dodum", 400), ("Gowun Batang", "gowun-batang", 700))
SYLLABLES = range(0xAC00, 0xD7A4)
SYMBOLS = [*range(0x1100, 0x1200), *range(0x3000, 0x3040), *range(0x3130, 0x3190), *range(0xFF00, 0xFFF0)]
LATIN = "U+0000-00FF, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212"


def usual_syllables() -> set[int]:
    own = (PROJECT / "assets" / "locales" / "ko.json").read_text(encoding="utf-8")
    found = {ord(letter) for letter in own if ord(letter) in SYLLABLES}
    texts = [*PROJECT.rglob("tests/**/*.tsv"), *PROJECT.glob("*.ko.md"), *(PROJECT / "demo").rglob("*.py")]
    counts = Counter(
        letter for text in texts for letter in text.read_text(encoding="utf-8") if ord(letter) in SYLLABLES
    )
    for letter, _ in counts.most_common():
        if len(found) >= USUAL:
            break
        found.add(ord(letter))
    return found


def slices() -> dict[str, set[int]]:
    """The letters of each slice: the rare ones, the others of the standard KS X 1001, the usual ones, and symbols."""
    standard = {ord(bytes([0xB0 + row, 0xA1 + cell]).decode("euc-kr")) for row in range(25) for cell in range(94)}
    usual = usual_syllables()
    return {
        "rare": set(SYLLABLES) - standard - usual,
        "standard": standard - usual,
        "usual": usual,
        "symbols": set(SYMBOLS),
    }


def unicode_range(kind: str, letters: set[int]) -> str:
    """The letters in the form of CSS's unicode-range.

    The last rule for a letter counts. So only the usual ones are listed: another syllable asks for the standard slice,
    and for the rare one if it is not in there. Two lists more would make the style sheet 24 kB larger.
    """
    if kind in ("rare", "standard"):
        return "U+AC00-D7A3"
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def cut(font: Path, letters: set[int]) -> bytes:
    options = subset.Options()
    options.layout_features = ["*"]
    opened = TTFont(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(opened)
    opened.flavor = "woff2"
    packed = io.BytesIO()
    opened.save(packed)
    return packed.getvalue()


def icon_names() -> set[str]:
    """The icons that the project and Streamlit's scripts name, and those of icons.txt, which has all of the slice."""
    sources = [*PROJECT.glob("*.py"), *(PROJECT / "assets").rglob("*.js"), *(STREAMLIT / "js").glob("*.js")]
    for folder in ("components", "demo", "pages", "web"):
        sources += (PROJECT / folder).rglob("*.py")
    named = {name for file in sources for name in re.findall(r":material/(\w+):", file.read_text(encoding="utf-8"))}
    return named | set((HERE / "icons.txt").read_text(encoding="utf-8").split())


def cut_icons() -> bytes:
    """An icon is a ligature of its name's letters: each one needs both its glyph and those letters."""
    (source,) = (STREAMLIT / "media").glob("MaterialSymbols-Rounded.*.woff2")
    opened = TTFont(source)
    names, letter_of = icon_names(), {glyph: chr(letter) for letter, glyph in opened.getBestCmap().items()}

    def name(first: str, rest: list[str]) -> str:
        return "".join(letter_of.get(glyph, "?") for glyph in (first, *rest))

    kept: set[str] = set()
    for lookup in opened["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            for first, ligatures in getattr(inner, "ligatures", {}).items():
                inner.ligatures[first] = [one for one in ligatures if name(first, one.Component) in names]
                kept |= {name(first, one.Component) for one in inner.ligatures[first]}
    (HERE / "icons.txt").write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")
    options = subset.Options()
    options.layout_features = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="abcdefghijklmnopqrstuvwxyz0123456789_")
    subsetter.subset(opened)
    opened.flavor = "woff2"
    packed = io.BytesIO()
    opened.save(packed)
    return packed.getvalue()


def face(family: str, weight: int | str, file: str, letters: str, display: str = "swap") -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: {display}; '
        f'src: url("../fonts/{file}") format("woff2"); unicode-range: {letters}; }}'
    )


def write(name: str, content: bytes) -> str:
    """Writes a file whose name contains a hash of its content, so that browsers may keep it for good."""
    file = f"{name}.{hashlib.sha256(content).hexdigest()[:8]}.woff2"
    (HERE / file).write_bytes(content)
    return file


def main(source: Path) -> None:
    for old in HERE.glob("*.woff2"):
        old.unlink()
    faces, latin_of = [], {}
    for family, name, weight in FAMILIES:
        korean = source / f"{name}-korean-{weight}-normal.woff2"
        latin = source / f"{name}-latin-{weight}-normal.woff2"
        for kind, letters in slices().items():
            faces.append(
                face(family, weight, write(f"{name}-{kind}", cut(korean, letters)), unicode_range(kind, letters))
            )
        latin_of[name] = write(f"{name}-latin", latin.read_bytes())
        faces.append(face(family, weight, latin_of[name], LATIN))
    # Under Streamlit's names for them, of which the last rule counts. Its Source Sans is on the screen for a moment.
    faces.append(face("Material Symbols Rounded", 400, write("material-symbols", cut_icons()), "U+0-10FFFF", "block"))
    faces.append(face("Source Sans", "100 900", latin_of["gowun-dodum"], LATIN))
    head = "/* Written by assets/fonts/slice.py. */\n"
    (PROJECT / "assets" / "style" / "fonts.css").write_text(head + "\n".join(faces) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
