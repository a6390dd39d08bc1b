"""Passwords: found where they are named, refused where others can read them, never shown."""

from pathlib import Path

import pytest

from daemon.mailbox.secret import Secret, read_secret


def test_a_file_of_the_owner_is_read(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("mật khẩu \n")
    path.chmod(0o600)
    secret = read_secret(None, path)
    assert secret is not None and secret.reveal() == "mật khẩu "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "password"
    path.write_text("x")
    path.chmod(mode)
    with pytest.raises(ValueError, match="chmod 600"):
        read_secret(None, path)


def test_a_credential_of_systemd_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mode is 0440: that is the mask of the access list by which the service's user is let in."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    path = tmp_path / "motcua.mailbox"
    path.write_text("abc")
    path.chmod(0o440)
    assert read_secret(None, path) == Secret("abc")
    path.chmod(0o444)
    with pytest.raises(ValueError, match="chmod 600"):
        read_secret(None, path)


def test_a_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_TEST_PASSWORD", "abc")
    assert read_secret("MOTCUA_TEST_PASSWORD", None) == Secret("abc")


def test_what_is_missing_is_told_by_key(tmp_path: Path) -> None:
    assert read_secret(None, None) is None
    with pytest.raises(ValueError, match="imap_password_env"):
        read_secret("MOTCUA_NOT_SET", None, key="imap_password")
    with pytest.raises(ValueError, match="password_file"):
        read_secret(None, tmp_path / "none")
    with pytest.raises(ValueError, match="một trong hai"):
        read_secret("A", tmp_path / "none")
    (tmp_path / "empty").touch(0o600)
    with pytest.raises(ValueError, match="trống"):
        read_secret(None, tmp_path / "empty")


def test_a_secret_does_not_show_itself() -> None:
    assert "abc" not in repr(Secret("abc")) + str(Secret("abc")) + f"{Secret('abc')}"
