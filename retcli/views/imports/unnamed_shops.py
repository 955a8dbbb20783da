"""The remark on orders that came without the name of their shop."""

from dataclasses import dataclass

from retcli.language import _
from retcli.words import word


@dataclass(frozen=True)
class UnnamedShop:
    """The rows of a platform's file name no shop."""

    platform: str

    def sentence(self) -> str:
        """What workbooks show instead, and how to name the shop."""
        text = _("Its rows name no shop, so sheets say {platform}; to name it: take it in again with --shop {name}")
        return text.format(platform=word(self.platform), name=_("‹shop›"))
