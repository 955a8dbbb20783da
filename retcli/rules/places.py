"""Where books should not lie: on a network's file system, or in a folder that a program synchronises without asking for
SQLite's locks (`docs/hazards.md` row 9).
"""

import re
from collections.abc import Iterable
from pathlib import PurePath

NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "9p", "fuse.sshfs", "fuse.rclone", "davfs",
     "fuse.davfs2", "fuse.s3fs", "afpfs", "webdav", "vboxsf", "fuse.vmhgfs-fuse")
)  # fmt: skip
"""File systems, as Linux names them, whose locks do not reliably reach from one computer to another."""
SYNCED = (
    "坚果云", "nutstore", "onedrive", "icloud", "icloud drive", "mobile documents", "com~apple~clouddocs", "百度网盘",
    "百度云", "baidunetdisk", "baiduyundownload", "baidu netdisk", "百度网盘同步空间", "dropbox", "google drive",
    "googledrive", "微云", "weiyun", "阿里云盘", "aliyundrive", "夸克网盘", "wps云盘", "wpsdrive", "synologydrive",
    "synology drive", "syncthing", "nextcloud", "owncloud",
)  # fmt: skip
"""Names of the folders of synchronising programs, in small letters; OneDrive adds the name of a firm."""


def synced(path: PurePath) -> str:
    """The name of the synchronised folder that a path lies in; empty where there is none."""
    for part in path.parts:
        plain = part.casefold()
        if plain in SYNCED or plain.startswith(("onedrive -", "onedrive-")) or "坚果云" in plain:
            return part
    return ""


def file_system(path: PurePath, mounts: Iterable[str]) -> str:
    """The type of the file system that a path lies on, by the lines of ``/proc/self/mountinfo``; empty when unknown.

    Fields: id, parent, device, root, mount point, options, optional fields, a dash, type (proc(5)).
    """
    # The longest mount point that holds the path counts; of two on the same point the later lies over the earlier.
    best, kind = -1, ""
    for line in mounts:
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5 or not after.split():
            continue
        point = PurePath(_unescaped(fields[4]))
        if (path == point or point in path.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind


def _unescaped(written: str) -> str:
    """A mount point with the kernel's octal escapes (of blanks, tabs, backslashes) turned back into characters."""
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), written)
