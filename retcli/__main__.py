"""The entry of ``python -m retcli`` and of the console script: what a process sets up before it loads the rest."""

import atexit
import gc
import os
import signal
from types import FrameType

INTERRUPTED = 130
"""128 + 2 (SIGINT): what shells report of a program that Ctrl-C ended."""


def _end_at_once(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


_listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _listens:  # nothing has begun as long as the program loads, so that nothing need be told
    signal.signal(signal.SIGINT, _end_at_once)
gc.set_threshold(400_000)  # a call loads some 220,000 objects and no garbage: looking for it there costs a sixth of it
atexit.register(gc.freeze)  # nor is any looked for when the process ends, which costs as much again

_completes = "_RETCLI_COMPLETING" in os.environ
if not _completes:  # a shell waits for its answer, which needs no command
    from retcli import cli


def main() -> None:
    """Runs one call and ends the process with its exit code; Ctrl-C ends it with 130. A shell is answered at once."""
    if _completes:
        from retcli.completion import answering

        answering.main()
        return
    if _listens:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        cli.main()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    finally:
        if _listens:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and told but closing the files


if __name__ == "__main__":
    main()
