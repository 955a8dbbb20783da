"""Where books should not lie, by paths and lines of mountinfo as Linux writes them."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from retcli.rules.places import NETWORK, file_system, synced

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /mnt/nas rw,relatime shared:9 - nfs4 nas:/volume1 rw,vers=4.2
31 22 0:27 / /mnt/my\\040share rw - cifs //server/share rw
32 30 0:28 / /mnt/nas/local rw - xfs /dev/vdb rw
broken line
""".splitlines()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/shop", "ext4"),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nas/books/deep", "nfs4"),
        ("/mnt/nasty", "ext4"),
        ("/mnt/my share/x", "cifs"),
        ("/mnt/nas/local/x", "xfs"),
    ],
)
def test_the_longest_mount_point_above_a_path_counts(path: str, kind: str) -> None:
    assert file_system(PurePosixPath(path), MOUNTS) == kind
    assert (kind in NETWORK) == (kind in {"nfs4", "cifs"})


def test_without_mounts_nothing_is_said() -> None:
    assert file_system(PurePosixPath("/home"), []) == ""


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("C:/Users/shop/OneDrive/账本", "OneDrive"),
        ("C:/Users/shop/OneDrive - 青禾杂货铺/账本", "OneDrive - 青禾杂货铺"),
        ("D:/我的坚果云/账本", "我的坚果云"),
        ("D:/坚果云/账本", "坚果云"),
        ("D:/BaiduNetdisk/x", "BaiduNetdisk"),
        ("D:/百度网盘/x", "百度网盘"),
        ("C:/Users/shop/AppData/Local/retcli", ""),
    ],
)
def test_folders_that_a_program_synchronises_are_known_by_name(path: str, name: str) -> None:
    assert synced(PureWindowsPath(path)) == name
    assert synced(PurePosixPath("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/x")) == "Mobile Documents"
