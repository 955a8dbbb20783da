"""The reader's language: English in the source, the catalogue for the rest."""

import gettext
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
CHINESE, ENGLISH = "zh_CN", "en"

_chosen: gettext.NullTranslations = gettext.NullTranslations()
_name = ENGLISH


@cache
def catalogue(name: str) -> gettext.NullTranslations:
    """The translations of one language; English is the source itself."""
    if name == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation("retcli", LOCALE, languages=[name])


def use(name: str) -> None:
    """Speak this language (``zh_CN`` or ``en``) from now on."""
    global _chosen, _name
    _chosen, _name = catalogue(name), name


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speaks a language for a while: what goes to a platform is in Chinese whoever packs it."""
    before = _name
    use(name)
    try:
        yield
    finally:
        use(before)


def current() -> str:
    """The language in use."""
    return _name


def _(text: str) -> str:
    """The text in the reader's language; an untranslated text stays English."""
    return _chosen.gettext(text) if text else ""


def mark(text: str) -> str:
    """Marks a text for the catalogue that is translated later, when it is shown."""
    return text


def both(text: str) -> tuple[str, str]:
    """A text in English and in Chinese, for choices that accept either word."""
    return text, catalogue(CHINESE).gettext(text)


def series(words: Iterable[str]) -> str:
    """Words or ids one after the other, with the sign between them that the reader's language has for it."""
    return _(", ").join(words)


def clauses(texts: Iterable[str]) -> str:
    """Parts of one sentence, which may have commas themselves."""
    return _("; ").join(texts)


def aside(text: str, remark: str) -> str:
    """A text followed by a remark in brackets, or the text alone where the remark is empty."""
    return _("{text} ({remark})").format(text=text, remark=remark) if remark else text


def headed(head: str, text: str) -> str:
    """``head: text`` in the reader's language; where one of the two is empty, the other alone."""
    return _("{head}: {text}").format(head=head, text=text) if head and text else head or text


def named(wish: str | None) -> str | None:
    """The language that a setting or a locale name asks for, or None where it says nothing (C, POSIX)."""
    if not wish:
        return None
    short = wish.replace("-", "_").split(".")[0].lower()
    if short in {"c", "posix"}:
        return None
    return CHINESE if short.startswith("zh") else ENGLISH
