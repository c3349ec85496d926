"""The one thread that writes a file: takes jobs in order, makes each durable, and keeps the write-ahead log small.

Two connections that write or checkpoint are what the WAL corruption of older SQLite needs; one writer cannot meet it, nor a lock.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from kiosk.domain.records import dataclass
from kiosk.ports import JournalError, JournalFullError
from kiosk.storage.database import SQLITE_FULL, SQLITE_IOERR, error_code, extended_error_code

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

log = logging.getLogger(__name__)

LARGEST_GROUP = 64
IDLE_S = 1.0
# The log is emptied into the file beyond this, and then written over from its start: a sync of bytes that lie where bytes lay before costs
# a quarter less than one of a file that grows (measured on ext4), so it is never cut short while the terminal runs.
LARGEST_WAL_BYTES = 4 * 1024 * 1024
_PAGE_BYTES = 4096
IDLE_PAGES = 64  # fewer are not worth two syncs
_FAILED_SYNCS = (1034, 1290)  # SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC

Work = Callable[["Connection"], Any]
Done = Callable[[Any], None]


class TryAgainError(Exception):
    """A job asks to be run once more, from the start, in a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work for one commit. `work` may run again after a rollback; `done` gets its result once durable, or the error."""

    work: Work
    done: Done | None
    in_transaction: bool = True


class Writer:
    """Owns `connection` and its thread. Thread-safe. Nothing blocks the caller but `call` and `close`."""

    def __init__(
        self, connection: Connection, path: Path, *, capacity: int = 10_000, on_full: Callable[[], bool] = lambda: False
    ) -> None:
        """`on_full` is asked on the writer's thread when the disk is full; True says that it made room, and to try once more."""
        self._connection = connection
        self._path = path
        self._capacity = capacity
        self._on_full = on_full
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closing = threading.Lock()
        # SQLite checkpoints within a commit, on this very thread; one that fails there does not fail the commit.
        connection.execute(f"PRAGMA wal_autocheckpoint = {LARGEST_WAL_BYTES // _PAGE_BYTES}")
        self._is_closed = False
        self._distrust = ""
        self._thread = threading.Thread(target=self._run, name=f"writer {path.name}", daemon=True)
        self._thread.start()

    def submit(self, work: Work, done: Done | None = None, *, in_transaction: bool = True) -> None:
        """Queue `work(connection)`. `done(result or JournalError)` is called on the writer's thread, once durable.

        Raises JournalError when closed, JournalFullError when more wait than there is room for.
        """
        with self._closing:
            if self._is_closed:
                raise JournalError(f"{self._path.name} is closed; nothing more is written")
            if self._jobs.qsize() >= self._capacity:
                raise JournalFullError(f"{self._capacity} writes wait for {self._path.name}; the disk does not keep up")
            self._jobs.put(Job(work, done, in_transaction))

    def call(self, work: Work, durable: Done | None = None, *, in_transaction: bool = True) -> Any:
        """As `submit`, waiting for the result. Raises what the work raised. Not to be called on the writer's own thread.

        `durable` is called with the result on the writer's thread, before this returns.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("the writer's thread cannot wait for itself; use submit")
        answer: list[Any] = []
        ready = threading.Lock()  # a bare lock is handed over faster than an Event, which is a lock and a condition
        ready.acquire()

        def done(result: Any) -> None:
            answer.append(result)
            try:
                if durable is not None:
                    durable(result)
            finally:
                ready.release()

        self.submit(work, done, in_transaction=in_transaction)
        ready.acquire()
        if isinstance(answer[0], BaseException):
            raise answer[0]
        return answer[0]

    def close(self) -> None:
        """Write what waits, empty the log, close the connection. Callable more than once."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._jobs.put(None)
        self._thread.join()

    # --- on the writer's thread

    def _run(self) -> None:
        idle_s: float | None = None
        while True:
            try:
                first = self._jobs.get(timeout=idle_s)
            except Empty:
                self._empty("PASSIVE", IDLE_PAGES)
                idle_s = None
                continue
            if first is None:
                break
            last = self._serve(first)
            del first  # what it wrote, a telephone number perhaps, does not wait here for the next job
            if last:
                break
            idle_s = IDLE_S
        self._empty("TRUNCATE")
        self._connection.close()

    def _serve(self, first: Job) -> bool:
        """Commit `first` and what waits behind it; True when told to close."""
        if not first.in_transaction:
            self._answer(first, self._bare(first))
            return False
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None or not job.in_transaction:
                self._commit(group)
                if job is not None:
                    self._answer(job, self._bare(job))
                return job is None
            group.append(job)
        self._commit(group)
        return False

    def _commit(self, group: list[Job]) -> None:
        """One commit for all; where that fails, one each, so that a bad job takes no other with it."""
        try:
            results = self._transaction(group)
        except Exception as error:  # noqa: BLE001 - whatever a job raises goes to the one who asked; the thread lives on
            if len(group) == 1 and not isinstance(error, TryAgainError) and not self._made_room(error):
                self._answer(group[0], self._told(error))
                return
            for job in group:
                self._answer(job, self._alone(job))
            return
        for job, result in zip(group, results, strict=True):
            self._answer(job, result)

    def _alone(self, job: Job) -> Any:
        failure: Exception = JournalError("a write asked to be tried again and again; this is a bug, please report it")
        for _ in range(3):
            try:
                return self._transaction([job])[0]
            except TryAgainError:
                continue
            except Exception as error:  # noqa: BLE001 - as above
                failure = error
                if not self._made_room(error):
                    break
        return self._told(failure)

    def _transaction(self, group: list[Job]) -> list[Any]:
        if self._distrust:
            raise JournalError(self._distrust)
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            results = [job.work(self._connection) for job in group]
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # some errors (full, I/O) have rolled back by themselves
                execute("ROLLBACK")
            raise
        return results

    def _made_room(self, error: Exception) -> bool:
        return error_code(error) == SQLITE_FULL and self._on_full()

    def _bare(self, job: Job) -> Any:
        try:
            return job.work(self._connection)
        except Exception as error:  # noqa: BLE001 - as above
            return self._told(error)

    def _told(self, error: Exception) -> Exception:
        """What the caller is told."""
        if isinstance(error, JournalError):
            return error
        code = error_code(error)
        if code == SQLITE_FULL:
            return JournalFullError(f"no room for another entry in {self._path.name} ({error}); free the disk")
        if extended_error_code(error) in _FAILED_SYNCS:
            # After a failed sync the kernel may have dropped the pages and call the next sync a success.
            self._distrust = (
                f"the disk failed to keep a write to {self._path.name}; restart the terminal to check the books"
            )
            return JournalError(self._distrust)
        if code:
            what = "the disk refused a write" if code == SQLITE_IOERR else "a write failed"
            return JournalError(f"{what} to {self._path.name} ({error})")
        return error

    def _answer(self, job: Job, result: Any) -> None:
        if job.done is None:
            if isinstance(result, Exception):
                log.error("a write to %s that nobody waits for failed: %s", self._path.name, result)
            return
        try:
            job.done(result)
        except Exception:
            log.exception("what was to happen after a write to %s failed", self._path.name)

    def _empty(self, how: str, least_pages: int = 0) -> None:
        """Copy the log into the file, where at least `least_pages` of it are not there yet."""
        try:
            _, logged, copied = self._connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
            if logged - copied >= least_pages:
                self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        except Exception as error:  # noqa: BLE001 - a checkpoint that fails (disk full) loses nothing and is tried again
            log.warning("the log of %s could not be emptied now: %s", self._path.name, error)
