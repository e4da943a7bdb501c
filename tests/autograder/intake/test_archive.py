"""Archives from anywhere: names come out right, and whatever would do harm is refused with a reason."""

import io
import os
import stat
import struct
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from autograder.handin import Unreadable
from autograder.intake import archive
from autograder.intake.archive import entries, of_zip


def packed(*members, method=zipfile.ZIP_DEFLATED):
    """A zip file's bytes: of (name, content), or (ZipInfo, content)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return buffer.getvalue()


def names(raw):
    return [entry.path.as_posix() for entry in of_zip(raw, 100)]


def refused(raw):
    entry, = of_zip(raw, 100)
    with pytest.raises(Unreadable) as told:
        entry.read()
    return str(told.value)


def unmarked(raw, right, written):
    """The archive with a name's bytes replaced and the mark for UTF-8 taken away, as old packers write it."""
    raw = raw.replace(right.encode(), written)
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(start) + place
        flags = struct.unpack("<H", raw[at:at + 2])[0] & ~archive.UTF8_NAMES
        raw = raw[:at] + struct.pack("<H", flags) + raw[at + 2:]
    return raw


def test_files_of_a_folder_and_of_a_zip_are_the_same(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "a.ipynb").write_bytes(b"1")
    (tmp_path / "class.zip").write_bytes(packed(("ada/a.ipynb", b"1"), ("ada/", b"")))
    for place in ("class", "class.zip"):
        entry, = entries(tmp_path / place)
        assert (entry.path, entry.read()) == (PurePosixPath("ada/a.ipynb"), b"1")


def test_what_systems_leave_behind_is_left_out(tmp_path):
    noise = ["__MACOSX/ada/._a.ipynb", ".DS_Store", "ada/.ipynb_checkpoints/a-checkpoint.ipynb", "ada/Thumbs.db",
             "ada/._a.ipynb", "ada/__pycache__/x.pyc", "desktop.ini"]
    assert names(packed(*((name, b"x") for name in noise), ("ada/a.ipynb", b"1"))) == ["ada/a.ipynb"]
    for name in noise:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert entries(tmp_path) == []


@pytest.mark.parametrize("form, packer", [("NFC", "marked"), ("NFD", "marked"), ("NFC", "mac"), ("NFD", "mac"),
                                          ("NFC", "dos")])
def test_umlauts_come_out_the_same_from_every_packer(form, packer):
    name = unicodedata.normalize(form, "Jürgen Groß_1/a.ipynb")
    raw = packed((name, b"x"))
    if packer != "marked":
        raw = unmarked(raw, name, name.encode("utf-8" if packer == "mac" else "cp437"))
    if packer == "dos":     # a letter takes one byte: the lengths that the archive names have to fit
        raw = packed(("J?rgen Gro?_1/a.ipynb", b"x")).replace(b"J?rgen Gro?", "Jürgen Groß".encode("cp437"))
    assert names(raw) == [unicodedata.normalize("NFC", "Jürgen Groß_1/a.ipynb")]


@pytest.mark.parametrize("name, path", [
    ("../../etc/passwd", "etc/passwd"), ("/etc/passwd", "etc/passwd"), ("C:\\Windows\\x", "Windows/x"),
    ("ada\\..\\..\\x", "ada/x"), ("..", "nameless"),
])
def test_a_way_out_of_the_archive_is_refused(name, path):
    raw = packed((name, b"x"))
    assert names(raw) == [path]
    assert refused(raw).startswith("The archive wants this file elsewhere")


def test_backslashes_of_old_windows_packers_are_folders():
    entry, = of_zip(packed(("ada\\a.ipynb", b"1")), 10)
    assert (entry.path.as_posix(), entry.read()) == ("ada/a.ipynb", b"1")


def test_links_are_not_followed(tmp_path):
    link = zipfile.ZipInfo("a.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(packed((link, b"/etc/passwd"))) == "The file is a link, which is not followed."
    if os.name != "nt":
        (tmp_path / "class").mkdir()
        (tmp_path / "class" / "a.ipynb").symlink_to("/etc/passwd")
        (tmp_path / "class" / "folder").symlink_to(tmp_path)
        for entry in entries(tmp_path / "class"):
            with pytest.raises(Unreadable, match="a link"):
                entry.read()
        assert len(entries(tmp_path / "class")) == 2


def test_a_bomb_is_not_unpacked():
    assert refused(packed(("a.ipynb", b"0" * 25_000_000))).startswith("The file was packed to a 1")
    assert refused(packed(("a.ipynb", b"0" * 31_000_000))) == "The file has 31 MB; at most 30 MB are read."
    small, = of_zip(packed(("a.ipynb", b"0" * 900_000)), 10)
    assert len(small.read()) == 900_000, "a small file of zeros is no bomb"


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says():
    raw = packed(("a.ipynb", b"0" * 5_000_000))
    size = struct.pack("<I", 5_000_000)
    assert raw.count(size) == 2
    assert refused(raw.replace(size, struct.pack("<I", 500))) == "The archive is damaged: this file cannot be unpacked."


def test_too_many_files_are_not_looked_at():
    with pytest.raises(Unreadable, match="holds 101 files; at most 100"):
        of_zip(packed(*((f"{n}.txt", b"") for n in range(101))), 100)


def test_a_password_is_said():
    raw = packed(("a.ipynb", b"x"))
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(start) + place
        raw = raw[:at] + bytes([raw[at] | archive.ENCRYPTED]) + raw[at + 1:]
    assert refused(raw) == "The archive asks for a password."


def test_damage_is_said():
    raw = packed(("a.ipynb", bytes(range(256)) * 40), method=zipfile.ZIP_STORED)
    assert "damaged" in refused(raw.replace(bytes(range(100, 120)), bytes(20), 1))
    for cut in (raw[:len(raw) // 2], b"", b"no archive at all"):
        with pytest.raises(Unreadable, match="damaged or no zip file"):
            of_zip(cut, 100)


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_however_an_archive_is_cut_or_bent_nothing_else_is_raised(cut):
    raw = bytearray(packed(("ada/a.ipynb", b"hello" * 30), ("b.ipynb", b"x")))
    raw[cut % len(raw)] ^= 0x55
    for bent in (bytes(raw), bytes(raw[:-cut or None])):
        try:
            for entry in of_zip(bent, 100):
                entry.read()
        except Unreadable:
            pass


def test_a_long_name_is_shortened_with_its_ending(tmp_path):
    entry, = of_zip(packed((f"{'ü' * 120}.ipynb", b"x")), 10)
    assert entry.path.suffix == ".ipynb"
    (tmp_path / entry.path).write_bytes(b"x")


def test_times_are_the_packers_unless_the_archive_has_utc():
    local = zipfile.ZipInfo("a.ipynb", (2026, 11, 20, 22, 10, 4))
    utc = zipfile.ZipInfo("b.ipynb", (2026, 11, 20, 22, 10, 4))
    utc.extra = struct.pack("<HHBI", archive.UNIX_TIME, 5, 1, 1_795_210_204)
    bad = zipfile.ZipInfo("c.ipynb")
    bad.date_time = (2026, 0, 0, 0, 0, 0)
    assert [entry.when for entry in of_zip(packed((local, b""), (utc, b""), (bad, b"")), 10)] == [
        datetime(2026, 11, 20, 22, 10, 4), datetime.fromtimestamp(1_795_210_204, UTC), None]


def test_where_there_is_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no .*nowhere"):
        entries(tmp_path / "nowhere")


def test_a_long_name_keeps_its_beginning_which_says_whose_it_is(tmp_path):
    name = "Maximilian Alexander Ferdinand von Musterhausen_4_assignsubmission_file_" + "ä" * 180 + ".ipynb"
    (tmp_path / "all.zip").write_bytes(packed((name, b"")))
    entry, = entries(tmp_path / "all.zip")
    assert entry.path.name.startswith(name[:100]) and entry.path.suffix == ".ipynb"
    assert len(entry.path.name.encode()) <= 200
