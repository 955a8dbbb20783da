"""Asks what is offered at TAB as a shell does."""

from retcli import language
from retcli.completion import answering
from tests.shopfloor import OWNER


def answered(*words: str, shell: str = "fish", **environment: str) -> list[str]:
    """The lines of an answer to words of which the last one is under the cursor."""
    asks = {"_RETCLI_COMPLETING": shell, "_RETCLI_WORDS": "\n".join(("retcli", *words)) + "\n", "RETCLI_LANG": "en"}
    with language.speaking(language.current()):
        return answering.reply(asks | environment).splitlines()


def offered(database: object, *words: str, by: str = OWNER, lang: str = "en") -> dict[str, str]:
    """The candidates on some books, each with what is said of it."""
    _how, *lines = answered("--db", str(database), "--operator", by, "--lang", lang, *words)
    pairs = (line.partition("\t") for line in lines)
    return {value: said for value, _tab, said in pairs}


def values(database: object, *words: str, by: str = OWNER) -> list[str]:
    """The candidates on some books, in their sequence."""
    return list(offered(database, *words, by=by))


def from_bash(line: str, word: str, **environment: str) -> list[str]:
    """The lines of an answer to a line of bash, of which readline takes `word` for the one under the cursor."""
    asks = {"_RETCLI_COMPLETING": "bash", "_RETCLI_LINE": line, "_RETCLI_WORD": word, "_RETCLI_TYPE": "9",
            "_RETCLI_LOCALE": "C.UTF-8", "RETCLI_LANG": "en"}  # fmt: skip
    with language.speaking(language.current()):
        return answering.reply(asks | environment).splitlines()
