"""Finds the article that somebody names by a code for pieces in a parcel, or in stock."""

from retcli.actions.warehouse.code_facts import code_of
from retcli.errors import WrongCommand
from retcli.language import _, series
from retcli.models import Parcel
from retcli.rules.warehouse.codes import Meaning, Step
from retcli.shop import Shop


def sku_of(shop: Shop, typed: str, parcel: Parcel | None = None) -> str | None:
    """The merchant code, as the books spell it, of the article that a code or barcode names: a product, or a line for
    which the parcel's cases wait (by its number too); None where nothing has it. Raises WrongCommand where several
    articles have the barcode, and the parcel is to hold none or several of them.
    """
    code = code_of(shop, typed, parcel, frozenset({Step.ARTICLE}))
    if code.read.meaning == Meaning.ARTICLES:
        skus = dict.fromkeys(article.sku for article in code.facts.known.articles)
        raise WrongCommand(_("{code} is the barcode of several articles").format(code=typed), series(skus))
    return code.read.article.sku or None
