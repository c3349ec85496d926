"""The wire types that the terminal and the central service share, with their version. Knows kiosk.domain and nothing else.

Endpoints (all signed, see `sync.signing`, but enrolment), JSON, gzip where it says so; errors are `problems.Problem`:

    POST /v1/journal                   JournalBatch, gzip     -> Acknowledgement | GAP, FORK, BAD_CHAIN
    GET  /v1/journal                                          -> JournalHeads
    GET  /v1/journal/{journal_id}?after=SEQ                   -> JournalPage
    POST /v1/quarantine                SetAside, gzip         -> Acknowledgement | GAP
    GET  /v1/feeds                                            -> FeedList
    GET  /v1/feeds/{name}?epoch=E&after=CURSOR&limit=N        -> FeedPage
    GET  /v1/commands?wait_s=N                                -> CommandList
    POST /v1/commands/{id}/result      CommandResult          -> Accepted | ANSWERED
    PUT  /v1/state                     TerminalState          -> StateAnswer
    POST /v1/telemetry                 TelemetryBatch, gzip   -> Accepted | SHED
    POST /v1/claims                    Claim                  -> ClaimAnswer | TAKEN
    POST /v1/claims/release            Claim                  -> Accepted
    POST /v1/accounts/verify           VerifyAsked            -> VerifyAnswer
    POST /v1/accounts/code             TicketAsked            -> CodeAnswer
    POST /v1/accounts/step-up          StepUpAsked            -> StepUpAnswer
    POST /v1/accounts/overview         TicketAsked            -> OverviewAnswer
    POST /v1/accounts/statement        StatementAsked         -> StatementAnswer
    POST /v1/accounts/request          RequestAsked           -> RequestAnswer
    POST /v1/accounts/leave            TicketAsked            -> LeaveAnswer
    POST /v1/accounts/key              KeyAsked               -> KeyAnswer
    GET  /v1/enrolment                                        -> EnrolmentOffer           (not signed)
    POST /v1/enrolment                 EnrolmentRequest       -> EnrolmentAnswer | PAIRING (not signed)
    GET  /v1/health                                           -> {"status": "ok"}          (not signed)
"""

from __future__ import annotations
