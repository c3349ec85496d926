"""What a receipt printer does with the bytes it gets: prints, cuts, answers, and stops where its faults make it stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PIL import Image

from devices.virtual.escpos_codes import CodePrinter
from devices.virtual.escpos_status import Fault, automatic_status, garbled, information, paper_sensor, real_time_status
from devices.virtual.escpos_stream import ESC, FS, GS, Command, RealTime, Text, Tokenizer
from devices.virtual.escpos_text import TextPrinter, columns, raster
from devices.virtual.paper import Paper, Roll

_MOST_COMMANDS = 5000  # remembered for one paper
_CUTTER_DOTS = 60  # from the print head to the cutter


class EscposMachine:
    """The printer without its wire and threads. Not thread-safe; memory is bounded whatever comes.

    `receive` takes bytes and answers real-time requests at once; each `step` performs one more command. Out of paper or with the
    cover open it stops and keeps what came; once mended it goes on where it stopped, as real printers do, unless `DLE DC4` 8 has
    cleared it. `reply` takes the bytes it answers, `cut` each finished paper.
    """

    def __init__(self, dots: int, reply: Callable[[bytes], None], cut: Callable[[Paper], None]) -> None:
        self.roll = Roll(dots)
        self.drawer_pulses = 0
        self._text = TextPrinter(self.roll)
        self._codes = CodePrinter(self._text)
        self._send = reply
        self._cut = cut
        self._faults: set[Fault] = set()
        self._cutter_stuck = False
        self._paper_left: int | None = None
        self._automatic = False
        self._tokens = Tokenizer()
        self._real_time = RealTime()
        self._again: Command | None = None
        self._graphics: Image.Image | None = None
        self._commands: deque[str] = deque(maxlen=_MOST_COMMANDS)

    @property
    def pending(self) -> int:
        """Bytes received and not yet performed."""
        return self._tokens.pending

    @property
    def lines_printed(self) -> int:
        """Lines since power on."""
        return self._text.lines_printed

    @property
    def stopped(self) -> bool:
        """Whether a fault keeps it from printing."""
        return self._cutter_stuck or Fault.PAPER_OUT in self._faults or Fault.COVER_OPEN in self._faults

    def receive(self, data: bytes) -> None:
        """Bytes off the wire."""
        for piece, request in self._real_time.split(data):
            self._tokens.feed(piece)
            if request:
                self._at_once(request)

    def step(self) -> bool:
        """Perform one token; False when there is nothing to do, or a fault stops it."""
        if self.stopped:
            return False
        token, self._again = self._again or self._tokens.next(), None
        if token is None:
            return False
        before = self.lines_printed
        if isinstance(token, Text):
            self._text.write(token.data)
        else:
            self._perform(token)
        self._use_paper(self.lines_printed - before)
        if self.roll.full:
            self._finish("paper over its longest, torn off")
        return True

    def set_fault(self, fault: Fault, *, on: bool) -> None:
        """Break or mend something."""
        (self._faults.add if on else self._faults.discard)(fault)
        if fault is Fault.CUTTER_JAM and not on:
            self._cutter_stuck = False
        self._tell_change()

    def paper_out_after(self, lines: int) -> None:
        """The roll ends after so many more lines."""
        self._paper_left = lines

    def power_cycle(self) -> None:
        """Off and on: everything but the paper and the faults is forgotten."""
        self._clear()
        self._reset()
        self._automatic = False

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _at_once(self, request: bytes) -> None:
        kind, parameter = request[1], request[2]
        if kind == 4:
            self._reply(real_time_status(parameter, self._faults, cutter_stuck=self._cutter_stuck))
        elif kind == 5 and parameter:  # recover from a cutter error: 1 going on, 2 forgetting what was in hand
            self._cutter_stuck = False
            if parameter == 2:
                self._clear()
        elif kind == 0x14 and parameter == 1:
            self.drawer_pulses += 1
        elif kind == 0x14:
            self._clear()
            self._reply(b"\x37\x25\x00")

    def _clear(self) -> None:
        self._tokens.clear()
        self._again = None
        self._text.drop_line()

    def _reset(self) -> None:
        self._text.reset()
        self._codes.reset()
        self._graphics = None

    def _perform(self, command: Command) -> None:
        if command.name != b"\n":
            self._commands.append(str(command))
        act = _ACTS.get(command.name)
        if act is not None and not command.skipped:
            act(self, command)

    def _use_paper(self, lines: int) -> None:
        if self._paper_left is not None and lines:
            self._paper_left -= lines
            if self._paper_left <= 0:
                self._paper_left = None
                self.set_fault(Fault.PAPER_OUT, on=True)

    def _cut_paper(self, command: Command) -> None:
        self._text.end_line()
        if Fault.CUTTER_JAM in self._faults:
            self._cutter_stuck, self._again = True, command  # done once more when the jam is cleared
            self._commands.pop()
            self._tell_change()
            return
        if len(command.args) > 1:
            self.roll.feed(command.args[1])
        self._finish()

    def _finish(self, remark: str = "") -> None:
        if self.roll.blank:
            return
        if remark:
            self._commands.append(remark)
        self.roll.feed(_CUTTER_DOTS)
        commands = tuple(self._commands)
        self._commands.clear()
        self._cut(self.roll.cut(commands))

    def _tell_change(self) -> None:
        if self._automatic:
            self._reply(automatic_status(self._faults, cutter_stuck=self._cutter_stuck))

    def _reply(self, answer: bytes) -> None:
        if Fault.DEAF not in self._faults and answer:
            self._send(garbled(answer) if Fault.GARBLED in self._faults else answer)

    def _set_automatic(self, command: Command) -> None:
        self._automatic = command.args[0] != 0
        self._tell_change()

    def _drawer(self, _: Command) -> None:
        self.drawer_pulses += 1

    def _print_modes(self, command: Command) -> None:
        bits, modes = command.args[0], self._text.modes
        modes.font = "B" if bits & 0x01 else "A"
        modes.bold = bool(bits & 0x08)
        modes.tall, modes.wide = (2 if bits & 0x10 else 1), (2 if bits & 0x20 else 1)
        modes.underline = 1 if bits & 0x80 else 0

    def _feed_lines(self, command: Command) -> None:
        self._text.end_line()
        for _ in range(command.args[0]):
            self._text.line_feed()

    def _feed_dots(self, command: Command) -> None:
        self._text.end_line()
        self.roll.feed(command.args[0])

    def _column_image(self, command: Command) -> None:
        mode, data = command.args[0], command.args[3:]
        if data:
            ink = columns(mode, data)
            self._text.put_image(ink, "")

    def _raster_image(self, command: Command) -> None:
        args = command.args
        width, height = (args[1] + (args[2] << 8)) * 8, args[3] + (args[4] << 8)
        if width and height:
            scale = args[0] % 48
            ink = raster(width, height, args[5:], wide=scale in (1, 3), tall=scale in (2, 3))
            self._text.stand(ink, f"[image {ink.width}x{ink.height}]")

    def _graphics_image(self, command: Command) -> None:
        # GS ( L and GS 8 L: [count] m fn ...; function 112 stores a raster image, 2 and 50 print it.
        args = command.args[2 if command.name == GS + b"(L" else 4 :]
        function = args[1] if len(args) > 1 else 0
        if function == 112 and len(args) > 10:
            width, height = args[6] + (args[7] << 8), args[8] + (args[9] << 8)
            row = (width + 7) // 8
            if width and height and len(args) - 10 >= row * height:
                self._graphics = raster(
                    width, height, args[10 : 10 + row * height], wide=args[3] == 2, tall=args[4] == 2
                )
        elif function in (2, 50) and self._graphics is not None:
            self._text.stand(self._graphics, f"[image {self._graphics.width}x{self._graphics.height}]")
            self._graphics = None

    def _matrix_code(self, command: Command) -> None:
        if len(command.args) >= 4:
            self._codes.matrix(command.args[2:])

    def _process_id(self, command: Command) -> None:
        if len(command.args) >= 8 and command.args[2:4] == b"00":
            self._text.end_line()
            self._reply(b"\x37\x22" + command.args[4:8] + b"\x00")

    def _transmit_status(self, command: Command) -> None:
        if command.args[0] % 48 == 1:
            self._reply(paper_sensor(self._faults))
        elif command.args[0] % 48 == 2:
            self._reply(b"\x00")  # the drawer is closed


_Act = Callable[[EscposMachine, Command], None]


def _mode(name: str, read: Callable[[int], object]) -> _Act:
    """An act that sets one mode from the command's first argument."""

    def act(machine: EscposMachine, command: Command) -> None:
        setattr(machine._text.modes, name, read(command.args[0]))

    return act


def _size(machine: EscposMachine, command: Command) -> None:
    modes = machine._text.modes
    modes.wide, modes.tall = (command.args[0] >> 4 & 7) + 1, (command.args[0] & 7) + 1


_ACTS: dict[bytes, _Act] = {
    b"\n": lambda machine, _: machine._text.line_feed(),
    b"\x0c": lambda machine, _: machine._text.end_line(),
    b"\x18": lambda machine, _: machine._text.drop_line(),
    b"\t": lambda machine, _: machine._text.tab(),
    ESC + b"@": lambda machine, _: machine._reset(),
    ESC + b"!": EscposMachine._print_modes,
    ESC + b"-": _mode("underline", lambda n: n % 48 if n % 48 <= 2 else 0),
    ESC + b"2": lambda machine, _: setattr(machine._text.modes, "line_dots", 30),
    ESC + b"3": _mode("line_dots", int),
    ESC + b"E": _mode("bold", lambda n: bool(n & 1)),
    ESC + b"G": _mode("bold", lambda n: bool(n & 1)),
    ESC + b"J": EscposMachine._feed_dots,
    ESC + b"M": _mode("font", lambda n: "B" if n % 48 == 1 else "A"),
    ESC + b"a": _mode("align", lambda n: n % 48 if n % 48 <= 2 else 0),
    ESC + b"d": EscposMachine._feed_lines,
    ESC + b"p": EscposMachine._drawer,
    ESC + b"t": _mode("page", int),
    ESC + b"$": lambda machine, command: machine._text.move_to(command.args[0] + (command.args[1] << 8)),
    ESC + b"*": EscposMachine._column_image,
    ESC + b"i": EscposMachine._cut_paper,
    ESC + b"m": EscposMachine._cut_paper,
    FS + b"&": lambda machine, _: setattr(machine._text.modes, "ideographs", True),
    FS + b".": lambda machine, _: setattr(machine._text.modes, "ideographs", False),
    GS + b"!": _size,
    GS + b"B": _mode("inverse", lambda n: bool(n & 1)),
    GS + b"H": _mode("code_words", lambda n: n % 48 & 3),
    GS + b"h": _mode("code_height", int),
    GS + b"w": _mode("code_module", lambda n: min(6, max(1, n))),
    GS + b"V": EscposMachine._cut_paper,
    GS + b"k": lambda machine, command: machine._codes.bar_code(command.args),
    GS + b"v0": EscposMachine._raster_image,
    GS + b"(k": EscposMachine._matrix_code,
    GS + b"(L": EscposMachine._graphics_image,
    GS + b"8L": EscposMachine._graphics_image,
    GS + b"(H": EscposMachine._process_id,
    GS + b"I": lambda machine, command: machine._reply(information(command.args[0])),
    GS + b"a": EscposMachine._set_automatic,
    GS + b"r": EscposMachine._transmit_status,
}
