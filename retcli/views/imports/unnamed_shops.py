"""Orders that came without the name of their shop."""

from dataclasses import dataclass

from retcli.language import _
from retcli.words import word


@dataclass(frozen=True)
class UnnamedShop:
    """The rows of a file of this platform name no shop."""

    platform: str

    def sentence(self) -> str:
        """What sheets say instead, and how to name it."""
        text = _("Its rows name no shop, so sheets say {platform}; to name it: take it in again with --shop {name}")
        return text.format(platform=word(self.platform), name=_("‹shop›"))
