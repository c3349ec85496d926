"""Commands: what people or rules at the centre ask one terminal to do, and what became of it.

`GET /v1/commands?wait_s=N` is a long poll: it answers at once with what is open, else as soon as there is something, else with an
empty list after `wait_s`. A command is given again until its result is in; the terminal journals it before it acts and answers the same
result again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from sync.protocol.wire import Answer, Line, Name, Request, WallTime


class CommandKind(StrEnum):
    """What may be asked. The body's keys stand behind each."""

    APPROVE = "approve"  # kind (an ApprovalKind), request_id, staff, role, reason; bound_to: the basket's hash
    REFUSE = "refuse"  # as above
    FUNCTION_PROFILE = "function-profile"  # profile
    CONFIGURATION = "configuration"  # settings: {dotted key: value}, None gives a key back to the site's own file
    REPRINT = "reprint"  # sale_id
    SELF_TEST = "self-test"  # devices: [kind], empty for all
    MESSAGE = "message"  # text, for the attendant; plain text


class ResultStatus(StrEnum):
    """What became of a command."""

    DONE = "done"
    REFUSED = "refused"  # the terminal may not, or what it was bound to has changed
    EXPIRED = "expired"  # it came too late
    FAILED = "failed"  # it was tried


class Command(Answer):
    """A command. `deadline` by the service's clock, `expires_in_ms` from the moment this answer was made: what terminals go by.

    `bound_to` names what it was given for (for an approval the basket's hash) and is "" where it is bound to nothing: a terminal
    where that is not so any more refuses it.
    """

    id: Name
    kind: str  # a CommandKind, or one that only a newer terminal knows: answer REFUSED
    body: dict[str, Any]
    bound_to: str
    issued_by: str
    issued_at: WallTime
    deadline: WallTime
    expires_in_ms: int


class CommandList(Answer):
    """What is open, the oldest first."""

    commands: tuple[Command, ...]


class CommandResult(Request):
    """`POST /v1/commands/{id}/result`. The same again is answered the same; another one is ANSWERED (409)."""

    status: ResultStatus
    reason: Line = ""  # a code of the terminal
    at: WallTime
    seq: Annotated[int, Field(ge=0)] = 0  # the journal entry that tells of it, 0 where there is none
    body: dict[str, Any] = Field(default_factory=dict)
