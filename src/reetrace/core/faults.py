"""What the operating system refuses, in one plain line each."""

from __future__ import annotations

import errno

_ROOM = "Make room or choose another folder."
_RIGHTS = "Allow it, or choose another folder."
_PATH = "Correct the path."

_PLAIN = {
    errno.ENOSPC: f"the disk is full. {_ROOM}",
    errno.EDQUOT: f"the disk quota is used up. {_ROOM}",
    errno.EFBIG: f"the file would be too large for this disk. {_ROOM}",
    errno.EACCES: f"permission denied. {_RIGHTS}",
    errno.EPERM: f"permission denied. {_RIGHTS}",
    errno.EROFS: f"the disk is read-only. {_RIGHTS}",
    errno.ENAMETOOLONG: f"the name is too long. {_PATH}",
    errno.ELOOP: f"links lead round in a circle. {_PATH}",
    errno.ENOENT: f"no such file or folder. {_PATH}",
    errno.ENOTDIR: f"a file stands where a folder is needed. {_PATH}",
    errno.EISDIR: f"is a folder; a file is needed. {_PATH}",
    errno.EEXIST: f"is already there. {_PATH}",
    errno.EIO: "the disk could not be read or written. Check it.",
    errno.EMFILE: "too many files are open. Close other programs and try again.",
}

OUT_OF_MEMORY = "the memory did not suffice. Close other programs, or judge a smaller site."


def plain_fault(fault: OSError) -> str | None:
    """One line for what the system refused; None where it is nothing a user can mend.

    >>> plain_fault(FileNotFoundError(errno.ENOENT, "", "maps"))
    'maps: no such file or folder. Correct the path.'
    """
    known = _PLAIN.get(fault.errno) if fault.errno is not None else None
    where = f"{fault.filename}: " if fault.filename else ""
    return f"{where}{known}" if known else None
