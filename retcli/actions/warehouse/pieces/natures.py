"""What a product is made for, by its category in the product sheet and the shop's own rules."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Product
from retcli.rules.lifecycles import Bucket, Grade
from retcli.rules.policy.policy import Excluded
from retcli.rules.warehouse import dispositions
from retcli.rules.warehouse.dispositions import Nature
from retcli.shop import Shop
from retcli.words import word


def of_product(shop: Shop, sku: str) -> frozenset[Nature]:
    """What a product is made for; nothing where no sheet names its category."""
    category = shop.session.scalar(_CATEGORY, {"sku": sku}) or ""
    sealed = shop.policy.excluded_class(category) == Excluded.SEALED if category else False
    return dispositions.natures(category, sealed=sealed)


_CATEGORY = sa.select(col(Product.category)).where(col(Product.sku) == sa.bindparam("sku"))


def place(shop: Shop, sku: str, grade: Grade) -> Bucket:
    """Where pieces of a product go by their grade when nobody says otherwise."""
    return dispositions.place(grade, of_product(shop, sku))


def refuse_misplaced(shop: Shop, sku: str, grade: Grade, bucket: Bucket) -> None:
    """Raises Refused for a place where pieces of a product may not go by their grade."""
    may = dispositions.allowed(grade, of_product(shop, sku))
    if bucket not in may:
        message = _("{sku} of grade {grade} goes to {places} only: opened food and cosmetics are sold to nobody, a"
                    " battery that is not sound lies apart")  # fmt: skip
        places = series(word(each) for each in sorted(may))
        raise Refused(message.format(sku=sku, grade=word(grade), places=places), f"--item {sku}=1:{grade}:held")


def refuse_opened(shop: Shop, sku: str, grade: Grade, *, sealed: bool) -> None:
    """Raises Refused for opened food, cosmetics or underwear to be as new; `sealed`: somebody saw the seal whole."""
    if not sealed and dispositions.needs_whole_seal(grade, of_product(shop, sku)):
        message = _("{sku} is food, cosmetics or underwear: as new only while its seal is whole")
        hint = _("Is it? Say --sealed; opened, it is graded B, C or D")
        raise Refused(message.format(sku=sku), hint)
