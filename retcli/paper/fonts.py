"""The letters of labels: a font of the system that has Chinese ones, or the file that somebody names."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from retcli import named_files
from retcli.errors import NotFound, Refused, why
from retcli.language import _, series

_WINDOWS = ("msyh.ttc", "msyh.ttf", "simhei.ttf", "Deng.ttf", "simsun.ttc", "simkai.ttf")
_MACOS = (
    "STHeiti Light.ttc", "STHeiti Medium.ttc", "Hiragino Sans GB.ttc", "PingFang.ttc", "Supplemental/Songti.ttc",
    "Arial Unicode.ttf", "Supplemental/Arial Unicode.ttf",
)  # fmt: skip
_LINUX = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "NotoSansSC[wght].ttf", "NotoSansCJK-VF.otf.ttc", "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf",
    "SourceHanSans.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf",
    "NotoSerifCJK-Regular.ttc", "uming.ttc", "gbsn00lp.ttf", "simhei.ttf", "msyh.ttc",
)  # fmt: skip
_SAMPLE = "退货标签"
"""What a font must have to be a Chinese one."""
_SIMPLIFIED = ("SC", "GB", "CN", "YaHei", "SimSun")
"""Words in the names of fonts of a collection with the shapes that are used in mainland China."""
_BIGGEST = 200 * named_files.MEGABYTE


class Face:
    """A font by its file and its `number` in it: which signs it has, how wide a text is."""

    def __init__(self, path: Path, number: int, font: TTFont) -> None:
        self.path, self.number, self._font = path, number, font

    @cached_property
    def _glyphs(self) -> dict[int, str]:
        return dict(self._font.getBestCmap() or {})

    @cached_property
    def _advances(self) -> dict[str, tuple[int, int]]:
        return dict(self._font["hmtx"].metrics)

    @cached_property
    def _units(self) -> int:
        return int(self._font["head"].unitsPerEm)

    def width(self, text: str, size: int) -> int:
        """How many dots a text is wide in letters of a size, rounded up."""
        units = sum(self._advances[self._glyphs[ord(sign)]][0] for sign in text)
        return -(-units * size // self._units)

    def missing(self, texts: Iterable[str]) -> str:
        """The signs of some texts that the font does not have, each once."""
        return "".join(dict.fromkeys(sign for text in texts for sign in text if ord(sign) not in self._glyphs))


def found(named: Path | None) -> Face:
    """The font of a file that somebody named, else the first Chinese one of the system. Raises NotFound where there is
    none, Refused for a file that is no font.
    """
    if named is not None:
        return _opened(named)
    for path in _of_the_system():
        try:
            face = _opened(path)
        except (NotFound, Refused):
            continue  # the next one of the system does as well: a font that cannot be drawn is no fault of the shop's
        if not face.missing([_SAMPLE]):
            return face
    hint = _("Install a Chinese font (Debian, Ubuntu: apt install fonts-noto-cjk), or name one: --font FILE")
    raise NotFound(_("No Chinese font was found on this computer"), hint)


def refuse_missing(face: Face, texts: Iterable[str]) -> None:
    """Raises Refused where a font lacks signs of the texts: nothing is drawn as a box."""
    if missing := face.missing(texts):
        signs = series(f"{sign} (U+{ord(sign):04X})" for sign in missing)
        message = _("The font {file} has no sign for: {signs}").format(file=face.path.name, signs=signs)
        raise Refused(message, _("Name a font that has it: --font FILE"), file=face.path)


def plain(text: str) -> str:
    """A text without what no font draws: control and invisible characters; every blank is one space."""
    return "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or not _unseen(sign)).strip()


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "C" or 0xFE00 <= ord(sign) <= 0xFE0F


def _of_the_system() -> Iterator[Path]:
    """The files of known Chinese fonts that lie where this system keeps its fonts."""
    if sys.platform == "win32":
        yield from _lying([Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", _LOCAL_WINDOWS], _WINDOWS)
    elif sys.platform == "darwin":
        yield from _lying(map(Path, MAC_PLACES), _MACOS)
        yield from _lying([Path("~/Library/Fonts").expanduser()], (*_MACOS, *_LINUX))
    else:
        yield from _anywhere_below([Path(place).expanduser() for place in LINUX_PLACES])


MAC_PLACES = ("/System/Library/Fonts", "/Library/Fonts")
_LOCAL_WINDOWS = Path("~/AppData/Local/Microsoft/Windows/Fonts").expanduser()
LINUX_PLACES: tuple[str, ...] = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def _lying(folders: Iterable[Path], names: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        yield from (folder / name for name in names if (folder / name).is_file())


def _anywhere_below(folders: Iterable[Path]) -> Iterator[Path]:
    """Fonts of Linux lie in folders that each distribution names as it likes."""
    lying: dict[str, Path] = {}
    for folder in folders:
        for below, _folders, names in os.walk(folder):
            for name in names:
                lying.setdefault(name, Path(below) / name)
    yield from (lying[name] for name in _LINUX if name in lying)


def _opened(path: Path) -> Face:
    """A font by its file. Raises NotFound, Refused."""
    named_files.opened(path, _BIGGEST).close()
    try:
        if path.suffix.lower() in {".ttc", ".otc"}:
            fonts = TTCollection(path, lazy=True).fonts
            number = next((place for place, font in enumerate(fonts) if _simplified(font)), 0)
            font = fonts[number]
        else:
            font, number = TTFont(path, lazy=True), 0
        if not ("glyf" in font or "CFF " in font) or not {"cmap", "hmtx", "head"} <= set(font.keys()):
            raise TTLibError(_("its letters are no outlines"))
    except (TTLibError, OSError, ValueError, AssertionError) as broken:
        reason = why(broken) if isinstance(broken, OSError) else str(broken)
        message = _("{path} is no font that can be drawn: {why}").format(path=path, why=reason)
        raise Refused(message, _("Name another one: --font FILE"), file=path) from broken
    return Face(path, number, font)


def _simplified(font: TTFont) -> bool:
    """Whether a font's name tells the shapes of mainland China."""
    name = str(font["name"].getDebugName(4) or "")
    return any(word in name.split() or name.startswith(word) or word in name.split("-") for word in _SIMPLIFIED)
