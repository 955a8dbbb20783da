"""``python -m retcli``."""

from retcli.cli import main

main()
