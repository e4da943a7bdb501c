"""Files are whole at any instant."""

import pytest

from autograder.files.whole import write_whole


def test_the_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "new folder" / "file"
    write_whole(path, "old", mode=0o444)
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "old"
    write_whole(path, "new")                # although the old one was read-only
    assert path.read_text() == "new"
    assert [p.name for p in path.parent.iterdir()] == [path.name]
