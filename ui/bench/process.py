"""The terminal as a process of its own, which can lose its power: started, killed, and started again on the same data."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from kiosk.configuration import PROJECT_ROOT
from ui.logs import LONGEST_LINE, last_line
from ui.viewmodels.shown import Shown, shown

_STOP_MS = 5000


class KioskProcess(Shown):
    """Runs `command` with `environment` on top of ours; all it says goes to the end of the file `log`.

    `state` is "off" (not started, or closed), "running", "cut" (its plug was pulled) or "failed"; then `lastLine` is what it said last.
    """

    changed = Signal()
    state = shown(str, "state", changed)
    running = shown(bool, "running", changed)
    pid = shown(int, "pid", changed)
    lastLine = shown(str, "lastLine", changed)

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent, state="off", running=False, pid=0, lastLine="")
        self._command, self._log = list(command), log
        self._plug_pulled = False
        self._process = QProcess(self)
        settings = QProcessEnvironment.systemEnvironment()
        for name, value in environment.items():
            settings.insert(name, value)
        self._process.setProcessEnvironment(settings)
        # Its own folder on the path: a linked environment may know another folder's code.
        self._process.setWorkingDirectory(str(PROJECT_ROOT))
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.setStandardOutputFile(str(log), QProcess.OpenModeFlag.Append)
        self._process.started.connect(self._started)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._error)

    @Slot()
    def powerOn(self) -> None:
        """Start it, unless it runs."""
        if self._process.state() is QProcess.ProcessState.NotRunning:
            self._plug_pulled = False
            self._log.parent.mkdir(parents=True, exist_ok=True)
            self._process.start(self._command[0], self._command[1:])

    @Slot()
    def pullPlug(self) -> None:
        """Kill it as a power cut does: it is not asked, and writes nothing more."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._plug_pulled = True
            self._process.kill()

    def stop(self) -> None:
        """Ask it to end, wait for five seconds at most, then kill it. Callable more than once."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.terminate()
            if not self._process.waitForFinished(_STOP_MS):
                self._process.kill()
                self._process.waitForFinished(_STOP_MS)

    def _started(self) -> None:
        self.show(state="running", running=True, pid=int(self._process.processId()), lastLine="")

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        well = status is QProcess.ExitStatus.NormalExit and code == 0
        state = "cut" if self._plug_pulled else "off" if well else "failed"
        self.show(state=state, running=False, pid=0, lastLine=last_line(self._log) if state == "failed" else "")

    def _error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.show(state="failed", running=False, pid=0, lastLine=self._process.errorString()[:LONGEST_LINE])


def kiosk_command(config_path: Path | None, data_dir: Path) -> Sequence[str]:
    """The command that runs the terminal alone, on the devices that its environment names."""
    command = [sys.executable, "-m", "ui.cli", "run", "--no-bench", "--data", str(data_dir.absolute())]
    return command if config_path is None else [*command, "--config", str(config_path.absolute())]


def kiosk_environment(urls: Mapping[str, str]) -> Mapping[str, str]:
    """The environment that points the terminal's devices at `urls`, by kind. Beside a bench, it never fills the screen."""
    transports = {f"KIOSK__DEVICES__{kind.upper()}__TRANSPORT": url for kind, url in urls.items()}
    return {**transports, "KIOSK__PANEL__FULLSCREEN": "false", "PYTHONUNBUFFERED": "1"}
