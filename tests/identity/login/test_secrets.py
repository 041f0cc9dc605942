from __future__ import annotations

import pytest

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.secrets import MAX_SECRET, read_secret


def test_the_text_of_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("  päss word\n")
    assert read_secret(file) == "päss word"
    file.write_text("next")
    assert read_secret(str(file)) == "next"


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"a\0b", b"x" * (MAX_SECRET + 1)])
def test_what_is_no_secret(tmp_path, content):
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(LoginFailed) as failed:
        read_secret(file)
    assert failed.value.reason == "secret"
    assert failed.value.__cause__ is None


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LoginFailed):
        read_secret(tmp_path / "nothing")
