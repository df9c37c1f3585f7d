"""Become a program that ends when its parent ends: ``launch.py PARENT PROGRAM …``.

A file of its own, run by path: code between fork and exec may not be trusted in a
process that has threads, a fresh interpreter may. Nothing of ours is imported.
"""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h; it survives the exec


def main() -> None:
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit("the parent has ended")
    os.execv(program[0], program)  # noqa: S606 - full path, no shell


if __name__ == "__main__":
    main()
