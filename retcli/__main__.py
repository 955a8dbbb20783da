"""``python -m retcli``, and what the console script starts."""

import atexit
import gc

gc.set_threshold(200_000)  # loading libraries makes no garbage, and looking for it there costs a sixth of a call
atexit.register(gc.freeze)  # nor is any looked for when the process ends, which costs as much again

from retcli.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
