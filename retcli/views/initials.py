"""A person's name as it may be shown; alone, for what has no time to load the rest of masking."""


def name(text: str) -> str:
    """A name by its first character: 张*."""
    return f"{text[0]}*" if text else ""
