"""What every place to keep photos promises, and what the one on disk promises on top."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maengelmelder.adapters.photo_files import PhotoFiles
from maengelmelder.adapters.photo_memory import PhotoMemory
from maengelmelder.domain.photos import stored_name
from maengelmelder.ports import PhotoStore, StoreUnavailable

NAME = stored_name("kK3_-0123456789abcdefg", "original")
OTHER = stored_name("zZ3_-0123456789abcdefg", "large")
EVIL = ["../../../../../../etc/passwd", "/etc/passwd", NAME + "/../x", NAME + "\0", "kurz.large", NAME[:-8] + "exe", ""]


@pytest.fixture
def files(tmp_path: Path) -> PhotoFiles:
    return PhotoFiles(tmp_path / "data" / "photos")


@pytest.fixture(params=["files", "memory"])
def store(request: pytest.FixtureRequest, files: PhotoFiles) -> PhotoStore:
    return files if request.param == "files" else PhotoMemory()


class TestEveryStore:
    def test_gives_back_what_it_was_given(self, store: PhotoStore) -> None:
        store.put(NAME, b"\xff\xd8 Schlagloch")
        assert store.get(NAME) == b"\xff\xd8 Schlagloch"

    def test_keeps_the_last_of_two(self, store: PhotoStore) -> None:
        store.put(NAME, b"eins")
        store.put(NAME, b"zwei")
        assert store.get(NAME) == b"zwei"
        assert [name for name, _ in store.names()] == [NAME]

    def test_says_that_it_has_nothing(self, store: PhotoStore) -> None:
        with pytest.raises(KeyError):
            store.get(NAME)

    def test_forgets_and_does_not_mind_forgetting_twice(self, store: PhotoStore) -> None:
        store.put(NAME, b"weg")
        store.delete(NAME)
        store.delete(NAME)
        assert list(store.names()) == []
        with pytest.raises(KeyError):
            store.get(NAME)

    def test_lists_names_with_the_time_of_their_last_change(self, store: PhotoStore) -> None:
        for name in (NAME, OTHER):
            store.put(name, b"x")
        changes = dict(store.names())
        assert set(changes) == {NAME, OTHER}
        assert all(abs(datetime.now(UTC) - changed) < timedelta(minutes=1) for changed in changes.values())

    @pytest.mark.parametrize("name", EVIL)
    def test_takes_no_name_that_leads_elsewhere(self, store: PhotoStore, name: str) -> None:
        for attempt in (store.get, store.delete, lambda evil: store.put(evil, b"x")):
            with pytest.raises(ValueError, match="not the name"):
                attempt(name)


class TestOnDisk:
    def test_only_this_user_can_look_into_it(self, files: PhotoFiles) -> None:
        before = os.umask(0)
        try:
            files.put(NAME, b"x")
        finally:
            os.umask(before)
        modes = {path.name: path.stat().st_mode & 0o777 for path in (files.root, *files.root.rglob("*"))}
        assert modes == {"photos": 0o700, NAME[:2]: 0o700, NAME: 0o600}

    def test_bytes_and_directory_are_synced_before_it_says_done(
        self, files: PhotoFiles, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files.put(OTHER, b"makes the root")
        synced: list[tuple[str, bool]] = []
        real = os.fsync

        def note(descriptor: int) -> None:
            synced.append((Path(f"/proc/self/fd/{descriptor}").readlink().name, (files.root / "kK" / NAME).exists()))
            real(descriptor)

        monkeypatch.setattr(os, "fsync", note)
        files.put(NAME, b"x")
        assert [there for _, there in synced] == [False, False, True]
        assert synced[0][0] == "photos"
        assert synced[1][0].endswith(".part")
        assert synced[2][0] == "kK"

    def test_a_full_disk_is_said_clearly_and_leaves_nothing_behind(self, files: PhotoFiles) -> None:
        files.put(NAME, b"alt")
        with largest_file(100), pytest.raises(StoreUnavailable):
            files.put(NAME, bytes(1000))
        assert files.get(NAME) == b"alt"
        assert [path.name for path in files.root.rglob("*") if path.is_file()] == [NAME]

    def test_a_store_that_is_not_there_is_said_clearly(self, files: PhotoFiles) -> None:
        files.root.parent.write_bytes(b"a file where the directory should be")
        for attempt in (files.get, lambda name: files.put(name, b"x")):
            with pytest.raises(StoreUnavailable):
                attempt(NAME)

    def test_what_a_loss_of_power_left_is_listed_as_an_orphan_and_deleted(self, files: PhotoFiles) -> None:
        files.put(OTHER, b"x")
        part = files.root / NAME[:2] / f"{NAME}.0123456789abcdef.part"
        part.parent.mkdir()
        part.write_bytes(b"ha")
        assert {name for name, _ in files.names()} == {OTHER, NAME}
        assert not files.exists(NAME)
        files.delete(NAME)
        assert not part.exists()
        assert files.exists(OTHER)

    def test_foreign_files_are_neither_listed_nor_touched(self, files: PhotoFiles) -> None:
        files.put(NAME, b"x")
        (files.root / NAME[:2] / "Thumbs.db").write_bytes(b"x")
        assert [name for name, _ in files.names()] == [NAME]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow above so many bytes: fails as a full disk does, in the middle of a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
