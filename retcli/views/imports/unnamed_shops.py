"""The remarks on the name of the shop of a file's orders: there is none, or it is another one than elsewhere."""

from dataclasses import dataclass

from retcli.language import _, series
from retcli.words import platform_word


@dataclass(frozen=True)
class UnnamedShop:
    """The rows of a platform's file name no shop."""

    platform: str

    def sentence(self) -> str:
        """What workbooks show instead, and how to name the shop."""
        text = _("Its rows name no shop, so sheets say {platform}; to name it: take it in again with --shop {name}")
        return text.format(platform=platform_word(self.platform), name=_("‹shop›"))


@dataclass(frozen=True)
class ShopKept:
    """Orders of a file stand in the books under other names of shops, which they keep."""

    names: tuple[str, ...]

    def sentence(self) -> str:
        """The names that stay."""
        return _("The name of the shop stays as it is: in the books it is {shops}").format(shops=series(self.names))


@dataclass(frozen=True)
class ShopOverruled:
    """A file names other shops (`names`) than the one under which its new orders are written down (`shop`)."""

    names: tuple[str, ...]
    shop: str

    def sentence(self) -> str:
        """Both, and that this shop was given for it."""
        text = _("The file says that the shop is {names}; as you said by --shop, its new orders are of {shop}")
        return text.format(names=series(self.names), shop=self.shop)
