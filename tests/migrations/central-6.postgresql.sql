CREATE FUNCTION public.note_sale_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO sale_change (terminal_id, sale_id) VALUES (NEW.terminal_id, NEW.sale_id); RETURN NULL; END $$;
CREATE TABLE public.account_code_used (
    mark text NOT NULL,
    last_step bigint NOT NULL
);
CREATE TABLE public.account_consent (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    store_id text NOT NULL,
    at text NOT NULL,
    mark text NOT NULL,
    version text NOT NULL
);
CREATE TABLE public.account_enrolment (
    store_id text NOT NULL,
    mark text NOT NULL,
    account_id text NOT NULL,
    pin_mark text NOT NULL,
    pin_hash text NOT NULL,
    refreshed_ms bigint NOT NULL
);
CREATE TABLE public.account_holder (
    mark text NOT NULL,
    account_id text NOT NULL
);
CREATE TABLE public.account_lock (
    subject text NOT NULL,
    wrong integer NOT NULL,
    locked_until_ms bigint NOT NULL,
    tried_ms bigint NOT NULL,
    try_mark text NOT NULL
);
CREATE TABLE public.account_pace (
    terminal_id text NOT NULL,
    since_ms bigint NOT NULL,
    tries integer NOT NULL
);
CREATE TABLE public.account_request (
    terminal_id text NOT NULL,
    asked_id text NOT NULL,
    store_id text NOT NULL,
    request_id text NOT NULL,
    at_ms bigint NOT NULL,
    account_id text NOT NULL,
    mark text NOT NULL,
    what text NOT NULL,
    value text NOT NULL,
    taken_ms bigint
);
CREATE TABLE public.account_ticket (
    terminal_id text NOT NULL,
    ticket_sha256 text NOT NULL,
    account_id text NOT NULL,
    mark text NOT NULL,
    until_ms bigint NOT NULL,
    code_mark text NOT NULL,
    code_until_ms bigint NOT NULL,
    codes_sent integer NOT NULL,
    step_mark text NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alert (
    terminal_id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    store_id text NOT NULL,
    detail text NOT NULL,
    first_ms bigint NOT NULL,
    last_ms bigint NOT NULL,
    count bigint NOT NULL,
    closed_ms bigint,
    closed_by text
);
CREATE TABLE public.api_token (
    token_id text NOT NULL,
    store_id text NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    secret_sha256 text NOT NULL,
    made_ms bigint NOT NULL,
    revoked_ms bigint
);
CREATE TABLE public.approval (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    store_id text NOT NULL,
    at text NOT NULL,
    subject text NOT NULL,
    granted integer NOT NULL,
    staff text NOT NULL,
    role text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.audit (
    store_id text NOT NULL,
    audit_id text NOT NULL,
    at_ms bigint NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL
);
CREATE TABLE public.basket_use (
    store_id text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.bill_counter (
    store_id text NOT NULL,
    last_number bigint NOT NULL
);
CREATE TABLE public.bill_first (
    store_id text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    payment_ref text NOT NULL
);
CREATE TABLE public.bill_posting (
    terminal_id text NOT NULL,
    payment_ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    key text NOT NULL,
    sale_id text NOT NULL,
    receipt_number text NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    standard text NOT NULL,
    payee text NOT NULL,
    account text NOT NULL,
    reference text NOT NULL,
    amount_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    currency text NOT NULL,
    is_confirmed integer NOT NULL,
    is_open_amount integer NOT NULL,
    heard_ms bigint NOT NULL,
    state text NOT NULL,
    attempts bigint NOT NULL,
    failures bigint NOT NULL,
    next_ms bigint NOT NULL,
    biller text NOT NULL,
    receipt_id text NOT NULL,
    posted_at text NOT NULL,
    reason text NOT NULL,
    changed_ms bigint NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE public.catalogue_import (
    store_id text NOT NULL,
    import_id text NOT NULL,
    made_ms bigint NOT NULL,
    made_by text NOT NULL,
    status text NOT NULL,
    report text NOT NULL,
    content text NOT NULL
);
CREATE TABLE public.claim (
    store_id text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    at_ms bigint NOT NULL
);
CREATE TABLE public.command (
    terminal_id text NOT NULL,
    command_id text NOT NULL,
    store_id text NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    bound_to text NOT NULL,
    issued_by text NOT NULL,
    issued_ms bigint NOT NULL,
    deadline_ms bigint NOT NULL,
    given_ms bigint,
    status text NOT NULL,
    result text,
    result_ms bigint
);
CREATE TABLE public.console_key (
    purpose text NOT NULL,
    secret text NOT NULL
);
CREATE TABLE public.console_user (
    name text NOT NULL,
    store_id text NOT NULL,
    role text NOT NULL,
    password text NOT NULL,
    made_ms bigint NOT NULL,
    ended_ms bigint,
    wrong integer NOT NULL,
    locked_until_ms bigint NOT NULL,
    sessions_from_ms bigint NOT NULL
);
CREATE TABLE public.entry (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
)
PARTITION BY HASH (terminal_id);
CREATE TABLE public.entry_00 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_01 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_02 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_03 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_04 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_05 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_06 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_07 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_08 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_09 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_10 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_11 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_12 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_13 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_14 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.entry_15 (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.export_counter (
    store_id text NOT NULL,
    last_number bigint NOT NULL
);
CREATE TABLE public.feed (
    store_id text NOT NULL,
    name text NOT NULL,
    format integer NOT NULL,
    epoch text NOT NULL,
    last_change bigint NOT NULL,
    live_rows bigint NOT NULL,
    version text NOT NULL
);
CREATE TABLE public.feed_row (
    store_id text NOT NULL,
    name text NOT NULL,
    row_key text NOT NULL,
    change bigint NOT NULL,
    body text
);
CREATE TABLE public.first_use (
    store_id text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL
);
CREATE TABLE public.fork_entry (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    clock_ms bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.form_counter (
    store_id text NOT NULL,
    last_number bigint NOT NULL
);
CREATE TABLE public.form_state (
    store_id text NOT NULL,
    submission_id text NOT NULL,
    state text NOT NULL,
    who text NOT NULL,
    at_ms bigint NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE public.form_submission (
    store_id text NOT NULL,
    submission_id text NOT NULL,
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    form text NOT NULL,
    ending text NOT NULL,
    title text NOT NULL,
    day text NOT NULL,
    number text NOT NULL,
    running bigint NOT NULL,
    slot text NOT NULL,
    place text NOT NULL,
    is_fixed integer NOT NULL,
    language text NOT NULL,
    consent text NOT NULL,
    answers text NOT NULL
);
CREATE TABLE public.held_basket (
    store_id text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    at text NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.journal (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    first_seq bigint NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL,
    continues text,
    begun_ms bigint NOT NULL,
    heard_ms bigint NOT NULL,
    projected_seq bigint NOT NULL
);
CREATE TABLE public.ledger_total (
    store_id text NOT NULL,
    day text NOT NULL,
    payment_terminal text NOT NULL,
    currency text NOT NULL,
    payments bigint NOT NULL,
    total_minor bigint NOT NULL,
    source text NOT NULL
);
CREATE TABLE public.nonce (
    terminal_id text NOT NULL,
    nonce text NOT NULL,
    until_s bigint NOT NULL
);
CREATE TABLE public.pairing (
    terminal_id text NOT NULL,
    store_id text NOT NULL,
    lookup text NOT NULL,
    secret_key text NOT NULL,
    expires_ms bigint NOT NULL,
    tries integer NOT NULL,
    used_ms bigint
);
CREATE TABLE public.payment (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
)
PARTITION BY HASH (terminal_id);
CREATE TABLE public.payment_00 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_01 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_02 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_03 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_04 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_05 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_06 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_07 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_08 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_09 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_10 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_11 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_12 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_13 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_14 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.payment_15 (
    terminal_id text NOT NULL,
    ref text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    state text NOT NULL,
    is_charged integer NOT NULL,
    sale_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    trace bigint,
    receipt_no bigint,
    payment_terminal text NOT NULL,
    card_name text NOT NULL,
    card_last4 text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.projection (
    terminal_id text NOT NULL,
    store_id text NOT NULL
);
CREATE TABLE public.projection_failure (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    at_ms bigint NOT NULL
);
CREATE TABLE public.receipt (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
)
PARTITION BY HASH (terminal_id);
CREATE TABLE public.receipt_00 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_01 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_02 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_03 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_04 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_05 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_06 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_07 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_08 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_09 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_10 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_11 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_12 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_13 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_14 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.receipt_15 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE public.refund_case (
    store_id text NOT NULL,
    terminal_id text NOT NULL,
    payment_ref text NOT NULL,
    why text NOT NULL,
    detail text NOT NULL,
    opened_ms bigint NOT NULL,
    done_ms bigint NOT NULL,
    done_by text NOT NULL,
    note text NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE public.sale (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
)
PARTITION BY HASH (terminal_id);
CREATE TABLE public.sale_00 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_01 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_02 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_03 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_04 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_05 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_06 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_07 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_08 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_09 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_10 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_11 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_12 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_13 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_14 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_15 (
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    store_id text NOT NULL,
    journal_id text NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    day text NOT NULL,
    total_minor bigint NOT NULL,
    to_pay_minor bigint NOT NULL,
    currency text NOT NULL,
    items integer NOT NULL,
    receipt_number text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.sale_change (
    id bigint NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL
);
ALTER TABLE public.sale_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sale_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sale_export (
    store_id text NOT NULL,
    number bigint NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    fingerprint text NOT NULL,
    token text NOT NULL
);
CREATE TABLE public.set_aside (
    terminal_id text NOT NULL,
    journal_id text NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint NOT NULL,
    to_hash text NOT NULL,
    problem text NOT NULL,
    body text NOT NULL,
    kept_ms bigint NOT NULL
);
CREATE TABLE public.settlement_case (
    store_id text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    ref text NOT NULL,
    sale_id text NOT NULL,
    at text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    stands_terminal text NOT NULL,
    stands_sale text NOT NULL,
    stands_ref text NOT NULL
);
CREATE TABLE public.telemetry (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
)
PARTITION BY HASH (terminal_id);
CREATE TABLE public.telemetry_00 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_01 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_02 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_03 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_04 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_05 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_06 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_07 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_08 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_09 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_10 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_11 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_12 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_13 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_14 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.telemetry_15 (
    terminal_id text NOT NULL,
    batch_id text NOT NULL,
    received_ms bigint NOT NULL,
    events integer NOT NULL,
    dropped bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.terminal (
    terminal_id text NOT NULL,
    store_id text NOT NULL,
    enrolled_ms bigint NOT NULL,
    revoked_ms bigint,
    seen_ms bigint,
    skew_ms bigint,
    state text,
    state_ms bigint
);
CREATE TABLE public.terminal_key (
    terminal_id text NOT NULL,
    key_id text NOT NULL,
    public_key text NOT NULL,
    made_ms bigint NOT NULL,
    revoked_ms bigint
);
CREATE TABLE public.voucher_use (
    store_id text NOT NULL,
    code text NOT NULL,
    terminal_id text NOT NULL,
    sale_id text NOT NULL,
    at text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL
);
CREATE TABLE public.webhook (
    store_id text NOT NULL,
    webhook_id text NOT NULL,
    url text NOT NULL,
    secret text NOT NULL,
    made_ms bigint NOT NULL,
    after_number bigint NOT NULL,
    failures integer NOT NULL,
    next_ms bigint NOT NULL,
    is_paused integer NOT NULL,
    last_status text NOT NULL,
    tells text DEFAULT 'sales'::text NOT NULL
);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_00 FOR VALUES WITH (modulus 16, remainder 0);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_01 FOR VALUES WITH (modulus 16, remainder 1);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_02 FOR VALUES WITH (modulus 16, remainder 2);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_03 FOR VALUES WITH (modulus 16, remainder 3);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_04 FOR VALUES WITH (modulus 16, remainder 4);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_05 FOR VALUES WITH (modulus 16, remainder 5);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_06 FOR VALUES WITH (modulus 16, remainder 6);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_07 FOR VALUES WITH (modulus 16, remainder 7);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_08 FOR VALUES WITH (modulus 16, remainder 8);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_09 FOR VALUES WITH (modulus 16, remainder 9);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_10 FOR VALUES WITH (modulus 16, remainder 10);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_11 FOR VALUES WITH (modulus 16, remainder 11);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_12 FOR VALUES WITH (modulus 16, remainder 12);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_13 FOR VALUES WITH (modulus 16, remainder 13);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_14 FOR VALUES WITH (modulus 16, remainder 14);
ALTER TABLE ONLY public.entry ATTACH PARTITION public.entry_15 FOR VALUES WITH (modulus 16, remainder 15);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_00 FOR VALUES WITH (modulus 16, remainder 0);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_01 FOR VALUES WITH (modulus 16, remainder 1);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_02 FOR VALUES WITH (modulus 16, remainder 2);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_03 FOR VALUES WITH (modulus 16, remainder 3);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_04 FOR VALUES WITH (modulus 16, remainder 4);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_05 FOR VALUES WITH (modulus 16, remainder 5);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_06 FOR VALUES WITH (modulus 16, remainder 6);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_07 FOR VALUES WITH (modulus 16, remainder 7);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_08 FOR VALUES WITH (modulus 16, remainder 8);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_09 FOR VALUES WITH (modulus 16, remainder 9);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_10 FOR VALUES WITH (modulus 16, remainder 10);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_11 FOR VALUES WITH (modulus 16, remainder 11);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_12 FOR VALUES WITH (modulus 16, remainder 12);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_13 FOR VALUES WITH (modulus 16, remainder 13);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_14 FOR VALUES WITH (modulus 16, remainder 14);
ALTER TABLE ONLY public.payment ATTACH PARTITION public.payment_15 FOR VALUES WITH (modulus 16, remainder 15);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_00 FOR VALUES WITH (modulus 16, remainder 0);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_01 FOR VALUES WITH (modulus 16, remainder 1);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_02 FOR VALUES WITH (modulus 16, remainder 2);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_03 FOR VALUES WITH (modulus 16, remainder 3);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_04 FOR VALUES WITH (modulus 16, remainder 4);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_05 FOR VALUES WITH (modulus 16, remainder 5);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_06 FOR VALUES WITH (modulus 16, remainder 6);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_07 FOR VALUES WITH (modulus 16, remainder 7);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_08 FOR VALUES WITH (modulus 16, remainder 8);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_09 FOR VALUES WITH (modulus 16, remainder 9);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_10 FOR VALUES WITH (modulus 16, remainder 10);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_11 FOR VALUES WITH (modulus 16, remainder 11);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_12 FOR VALUES WITH (modulus 16, remainder 12);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_13 FOR VALUES WITH (modulus 16, remainder 13);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_14 FOR VALUES WITH (modulus 16, remainder 14);
ALTER TABLE ONLY public.receipt ATTACH PARTITION public.receipt_15 FOR VALUES WITH (modulus 16, remainder 15);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_00 FOR VALUES WITH (modulus 16, remainder 0);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_01 FOR VALUES WITH (modulus 16, remainder 1);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_02 FOR VALUES WITH (modulus 16, remainder 2);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_03 FOR VALUES WITH (modulus 16, remainder 3);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_04 FOR VALUES WITH (modulus 16, remainder 4);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_05 FOR VALUES WITH (modulus 16, remainder 5);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_06 FOR VALUES WITH (modulus 16, remainder 6);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_07 FOR VALUES WITH (modulus 16, remainder 7);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_08 FOR VALUES WITH (modulus 16, remainder 8);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_09 FOR VALUES WITH (modulus 16, remainder 9);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_10 FOR VALUES WITH (modulus 16, remainder 10);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_11 FOR VALUES WITH (modulus 16, remainder 11);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_12 FOR VALUES WITH (modulus 16, remainder 12);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_13 FOR VALUES WITH (modulus 16, remainder 13);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_14 FOR VALUES WITH (modulus 16, remainder 14);
ALTER TABLE ONLY public.sale ATTACH PARTITION public.sale_15 FOR VALUES WITH (modulus 16, remainder 15);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_00 FOR VALUES WITH (modulus 16, remainder 0);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_01 FOR VALUES WITH (modulus 16, remainder 1);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_02 FOR VALUES WITH (modulus 16, remainder 2);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_03 FOR VALUES WITH (modulus 16, remainder 3);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_04 FOR VALUES WITH (modulus 16, remainder 4);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_05 FOR VALUES WITH (modulus 16, remainder 5);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_06 FOR VALUES WITH (modulus 16, remainder 6);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_07 FOR VALUES WITH (modulus 16, remainder 7);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_08 FOR VALUES WITH (modulus 16, remainder 8);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_09 FOR VALUES WITH (modulus 16, remainder 9);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_10 FOR VALUES WITH (modulus 16, remainder 10);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_11 FOR VALUES WITH (modulus 16, remainder 11);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_12 FOR VALUES WITH (modulus 16, remainder 12);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_13 FOR VALUES WITH (modulus 16, remainder 13);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_14 FOR VALUES WITH (modulus 16, remainder 14);
ALTER TABLE ONLY public.telemetry ATTACH PARTITION public.telemetry_15 FOR VALUES WITH (modulus 16, remainder 15);
INSERT INTO public.account_code_used VALUES ('mark of account_code_used', 1);
INSERT INTO public.account_consent VALUES ('T1', 'journal_id of account_consent', 1, 'S1', '2026-11-21T10:00:00+01:00', 'mark of account_consent', 'version of account_consent');
INSERT INTO public.account_enrolment VALUES ('S1', 'mark of account_enrolment', 'account_id of account_enrolment', 'pin_mark of account_enrolment', 'pin_hash of account_enrolment', 1);
INSERT INTO public.account_holder VALUES ('mark of account_holder', 'account_id of account_holder');
INSERT INTO public.account_lock VALUES ('subject of account_lock', 1, 1, 1, 'try_mark of account_lock');
INSERT INTO public.account_pace VALUES ('T1', 1, 1);
INSERT INTO public.account_request VALUES ('T1', 'asked_id of account_request', 'S1', 'request_id of account_request', 1, 'account_id of account_request', 'mark of account_request', 'what of account_request', 'value of account_request', 1);
INSERT INTO public.account_ticket VALUES ('T1', 'ticket_sha256 of account_ticket', 'account_id of account_ticket', 'mark of account_ticket', 1, 'code_mark of account_ticket', 1, 1, 'step_mark of account_ticket');
INSERT INTO public.alembic_version VALUES ('0006');
INSERT INTO public.alert VALUES ('T1', 'fork', 'j-T1', 'S1', 'another entry 7', 1000000000000, 1000000000000, 1, NULL, NULL);
INSERT INTO public.api_token VALUES ('83b511097e01', 'S1', 'office', 'catalogue:write sales:read webhooks:write', '851cd019bf1d87b869a6b17b3b34870df5a7f65b15d7f268e11e777cf79a01ad', 1000, NULL);
INSERT INTO public.approval VALUES ('T1', 'journal_id of approval', 1, 'S1', '2026-11-21T10:00:00+01:00', 'subject of approval', 1, 'staff of approval', 'role of approval', 'reason of approval');
INSERT INTO public.audit VALUES ('S1', '1795325096882-fca4be95ab27', 1795325096882, 'command-line', 'person.added', 'kim', 'supervisor');
INSERT INTO public.audit VALUES ('S1', '0000000001000-97666ab01008', 1000, 'command-line', 'token.added', '83b511097e01', 'office catalogue:write sales:read webhooks:write');
INSERT INTO public.audit VALUES ('S1', '1000000000000-032d2b9e0bfa', 1000000000000, 'kim', 'command.message', 'T1', 'c-b3c9ccaa6807b3b926fc1b43 {"text":"hello"}');
INSERT INTO public.basket_use VALUES ('S1', 'code of basket_use', 'T1', 'sale_id of basket_use', '2026-11-21T10:00:00+01:00');
INSERT INTO public.bill_counter VALUES ('S1', 1);
INSERT INTO public.bill_first VALUES ('S1', 'code of bill_first', 'T1', 'payment_ref of bill_first');
INSERT INTO public.bill_posting VALUES ('T1', 'payment_ref of bill_posting', 'S1', 'journal_id of bill_posting', 1, 'key of bill_posting', 'sale_id of bill_posting', 'receipt_number of bill_posting', '2026-11-21T10:00:00+01:00', '2026-11-21', 'standard of bill_posting', 'payee of bill_posting', 'account of bill_posting', 'reference of bill_posting', 1, 1, 'EUR', 1, 1, 1, 'state of bill_posting', 1, 1, 1, 'biller of bill_posting', 'receipt_id of bill_posting', 'posted_at of bill_posting', 'reason of bill_posting', 1, 1);
INSERT INTO public.catalogue_import VALUES ('S1', 'import_id of catalogue_import', 1, 'made_by of catalogue_import', 'status of catalogue_import', 'report of catalogue_import', 'content of catalogue_import');
INSERT INTO public.claim VALUES ('S1', 'kind of claim', 'code of claim', 'T1', 'sale_id of claim', 1);
INSERT INTO public.command VALUES ('T1', 'c-b3c9ccaa6807b3b926fc1b43', 'S1', 'message', '{"text":"hello"}', '', 'kim', 1000000000000, 1000003600000, NULL, 'open', NULL, NULL);
INSERT INTO public.console_key VALUES ('purpose of console_key', 'secret of console_key');
INSERT INTO public.console_user VALUES ('kim', 'S1', 'supervisor', '$argon2id$v=19$m=65536,t=3,p=4$uI5KA0oOgfyuCmtqq/iO/Q$3LRPbDuMT+mDWNhZ5Q/j/3pTT5oXK+liTD7x9DO9r5Q', 1795325096882, NULL, 0, 0, 1795325096882);
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 1, '2026-11-22T05:24:55.000+01:00', 1, 'payment.intended', 'pT1-1', '{"amount_minor":199,"currency":"EUR","sale":{"sale_id":"T1-1"}}', '05491bc32aaf11c0a2a4d655b9a04b209bbc18f0bc37e5dffabeec68311514fa', '4c24910548b3de8edb1b04439e3094c0ab4a286a3d5026e88935c14c3f7d7429');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 2, '2026-11-22T05:24:55.000+01:00', 2, 'payment.approved', 'pT1-1', '{"card_last4":"4711","card_name":"Maestro","trace":7}', '4c24910548b3de8edb1b04439e3094c0ab4a286a3d5026e88935c14c3f7d7429', '9833a8b961acd6675e4539d79e596f3c68a4b185198717e4dd450c77c54be514');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 3, '2026-11-22T05:24:55.000+01:00', 3, 'sale.completed', 'T1-1', '{"approval":null,"at":"2026-11-22T05:24:55.000+01:00","coupons":[],"currency":"EUR","deposits":[],"item_count":1,"language":"en","lines":[{"batch":null,"category":"dairy","count":1,"expiry":null,"gross_minor":199,"gtin":"04012345678901","line_id":1,"minimum_age":0,"name":"Butter","plu":"","price_in_code":false,"price_version":"demo","savings":[],"tax_class":"B","tax_rate_bp":700,"total_minor":199,"unit":"piece","unit_price_minor":199,"weight_g":0}],"member":"M-998877","promotions":[],"receipt_number":"1","rounding_minor":0,"sale_id":"T1-1","savings_minor":0,"schema":1,"subtotal_minor":199,"tax_added_minor":0,"taxes":[{"gross_minor":199,"net_minor":186,"tax_class":"B","tax_minor":13,"tax_rate_bp":700}],"tender":{"amount_minor":199,"card_last4":"4711","card_name":"Maestro"},"to_pay_minor":199,"total_minor":199,"vouchers":[]}', '9833a8b961acd6675e4539d79e596f3c68a4b185198717e4dd450c77c54be514', 'a71e54dcdefb5b0d2ca333a2c03c0b858e1246e013456382821bcb3897d408d5');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 4, '2026-11-22T05:24:55.000+01:00', 4, 'payment.intended', 'pT1-4', '{"amount_minor":450,"currency":"EUR","sale":{"sale_id":"T1-4"}}', 'a71e54dcdefb5b0d2ca333a2c03c0b858e1246e013456382821bcb3897d408d5', '264a3b0e3e2b36e455fb7294e40fea296f6e9012dc953bdb3c47fe7ec88a0b50');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 5, '2026-11-22T05:24:55.000+01:00', 5, 'payment.approved', 'pT1-4', '{"card_last4":"4711","card_name":"Maestro","trace":7}', '264a3b0e3e2b36e455fb7294e40fea296f6e9012dc953bdb3c47fe7ec88a0b50', 'f1c12e9d2535e2df1e63fbec92c6d9b1311d3db1d37e3056b3b226bc0b6fb2eb');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 6, '2026-11-22T05:24:55.000+01:00', 6, 'sale.completed', 'T1-4', '{"approval":null,"at":"2026-11-22T05:24:55.000+01:00","coupons":[],"currency":"EUR","deposits":[],"item_count":1,"language":"en","lines":[{"batch":null,"category":"dairy","count":1,"expiry":null,"gross_minor":450,"gtin":"04012345678901","line_id":1,"minimum_age":0,"name":"K\u00e4se","plu":"","price_in_code":false,"price_version":"demo","savings":[],"tax_class":"B","tax_rate_bp":700,"total_minor":450,"unit":"piece","unit_price_minor":450,"weight_g":0}],"member":"M-998877","promotions":[],"receipt_number":"4","rounding_minor":0,"sale_id":"T1-4","savings_minor":0,"schema":1,"subtotal_minor":450,"tax_added_minor":0,"taxes":[{"gross_minor":450,"net_minor":421,"tax_class":"B","tax_minor":29,"tax_rate_bp":700}],"tender":{"amount_minor":450,"card_last4":"4711","card_name":"Maestro"},"to_pay_minor":450,"total_minor":450,"vouchers":[]}', 'f1c12e9d2535e2df1e63fbec92c6d9b1311d3db1d37e3056b3b226bc0b6fb2eb', '14ed9e5b8bf62c59b92724f83e3da616075c56fb665b9b62eb855c3c059c251f');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 7, '2026-11-22T05:24:55.000+01:00', 7, 'sale.voided', 'T1-4', '{"sale_id":"T1-4"}', '14ed9e5b8bf62c59b92724f83e3da616075c56fb665b9b62eb855c3c059c251f', 'e184d74efa78af1e1a51141a11ac4917d5b1ddf528c7824cf5048184d5011b83');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 8, '2026-11-22T05:24:55.000+01:00', 8, 'basket.held', 'basket:H1', '{"basket":{"lines":[]},"code":"H1"}', 'e184d74efa78af1e1a51141a11ac4917d5b1ddf528c7824cf5048184d5011b83', '4b6e0210fd5e222f29114c602fbaa8111612f614603fe55807fb54bf3aad7528');
INSERT INTO public.entry_06 VALUES ('T1', 'j-T1', 9, '2026-11-22T05:24:55.000+01:00', 9, 'voucher.redeemed', 'v', '{"amount_minor":25,"code":"DEP-1","currency":"EUR","sale_id":"T1-3"}', '4b6e0210fd5e222f29114c602fbaa8111612f614603fe55807fb54bf3aad7528', '8bfa833bd4df64af6c0ed20bf58abd96199f1493e8371654bc43f6731090a107');
INSERT INTO public.export_counter VALUES ('', 0);
INSERT INTO public.export_counter VALUES ('S1', 2);
INSERT INTO public.feed VALUES ('S1', 'prices', 1, 'fa5b2844e2284038', 1, 1, 'v1');
INSERT INTO public.feed_row VALUES ('S1', 'prices', '04012345678901', 1, '{"member_price_minor":null,"number":4012345678901,"price_minor":199}');
INSERT INTO public.first_use VALUES ('S1', 'voucher', 'DEP-1', 'T1', 'T1-3');
INSERT INTO public.fork_entry VALUES ('T1', 'journal_id of fork_entry', 1, '2026-11-21T10:00:00+01:00', 1, 'kind of fork_entry', 'subject of fork_entry', 'body of fork_entry', 'prev of fork_entry', 'hash of fork_entry');
INSERT INTO public.form_counter VALUES ('S1', 1);
INSERT INTO public.form_state VALUES ('S1', 'submission_id of form_state', 'state of form_state', 'who of form_state', 1, 1);
INSERT INTO public.form_submission VALUES ('S1', 'submission_id of form_submission', 'T1', 'journal_id of form_submission', 1, '2026-11-21T10:00:00+01:00', 'form of form_submission', 'ending of form_submission', 'title of form_submission', '2026-11-21', 'number of form_submission', 1, 'slot of form_submission', 'place of form_submission', 1, 'language of form_submission', 'consent of form_submission', 'answers of form_submission');
INSERT INTO public.held_basket VALUES ('S1', 'H1', 'T1', '2026-11-22T05:24:55.000+01:00', '{"lines":[]}');
INSERT INTO public.journal VALUES ('T1', 'j-T1', 1, 9, '8bfa833bd4df64af6c0ed20bf58abd96199f1493e8371654bc43f6731090a107', NULL, 1795325095858, 1795325097880, 9);
INSERT INTO public.ledger_total VALUES ('S1', '2026-11-21', 'payment_terminal of ledger_total', 'EUR', 1, 1, 'source of ledger_total');
INSERT INTO public.nonce VALUES ('T1', 'nonce of nonce', 1);
INSERT INTO public.pairing VALUES ('T1', 'S1', 'lookup of pairing', 'secret_key of pairing', 1, 1, 1);
INSERT INTO public.payment_06 VALUES ('T1', 'pT1-1', 'S1', 'j-T1', 2, '2026-11-22T05:24:55.000+01:00', '2026-11-22', 'approved', 1, 'T1-1', 199, 'EUR', 7, NULL, '', 'Maestro', '4711', '');
INSERT INTO public.payment_06 VALUES ('T1', 'pT1-4', 'S1', 'j-T1', 5, '2026-11-22T05:24:55.000+01:00', '2026-11-22', 'approved', 1, 'T1-4', 450, 'EUR', 7, NULL, '', 'Maestro', '4711', '');
INSERT INTO public.projection VALUES ('T1', 'S1');
INSERT INTO public.projection_failure VALUES ('T1', 'journal_id of projection_failure', 1, 'kind of projection_failure', 'reason of projection_failure', 1);
INSERT INTO public.receipt_06 VALUES ('T1', 'sale_id of receipt', 'S1', 'number of receipt', 'state of receipt', 1);
INSERT INTO public.refund_case VALUES ('S1', 'T1', 'payment_ref of refund_case', 'why of refund_case', 'detail of refund_case', 1, 1, 'done_by of refund_case', 'note of refund_case', 1);
INSERT INTO public.sale_06 VALUES ('T1', 'T1-1', 'S1', 'j-T1', 3, '2026-11-22T05:24:55.000+01:00', '2026-11-22', 199, 199, 'EUR', 1, '1', 'completed');
INSERT INTO public.sale_06 VALUES ('T1', 'T1-4', 'S1', 'j-T1', 6, '2026-11-22T05:24:55.000+01:00', '2026-11-22', 450, 450, 'EUR', 1, '4', 'voided');
INSERT INTO public.sale_change VALUES (1, 'T1', 'T1-1');
INSERT INTO public.sale_change VALUES (2, 'T1', 'T1-4');
INSERT INTO public.sale_export VALUES ('S1', 1, 'T1', 'T1-1', 'S1 j-T1 3 completed 199', 's1V9aroDgZfSyqm6LcDTtjX7fB3-oZ7s');
INSERT INTO public.sale_export VALUES ('S1', 2, 'T1', 'T1-4', 'S1 j-T1 6 completed 450', 'jwGttgsH9XdRmUhMgGxJ65eEms0H9Epq');
INSERT INTO public.set_aside VALUES ('T1', 'journal_id of set_aside', 1, 1, 'to_hash of set_aside', 'problem of set_aside', 'body of set_aside', 1);
INSERT INTO public.settlement_case VALUES ('S1', 'kind of settlement_case', 'code of settlement_case', 'T1', 'ref of settlement_case', 'sale_id of settlement_case', '2026-11-21T10:00:00+01:00', 1, 'EUR', 'stands_terminal of settlement_case', 'stands_sale of settlement_case', 'stands_ref of settlement_case');
INSERT INTO public.telemetry_06 VALUES ('T1', 'batch_id of telemetry', 1, 1, 1, 'body of telemetry');
INSERT INTO public.terminal VALUES ('T1', 'S1', 1, NULL, 1795325097881, NULL, '{"at":"2026-11-22T05:24:55.000+01:00","mode":"selling","step":"basket","version":"","profile":"","journal_id":"j-T1","seq":9,"unsent":{"entries":0,"since":null,"reason":"","set_aside":0,"telemetry":0,"telemetry_dropped":0},"devices":[],"approvals":[],"limits":{}}', 1795325097881);
INSERT INTO public.terminal_key VALUES ('T1', 'k1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 1, NULL);
INSERT INTO public.voucher_use VALUES ('S1', 'DEP-1', 'T1', 'T1-3', '2026-11-22T05:24:55.000+01:00', 25, 'EUR');
INSERT INTO public.webhook VALUES ('S1', 'webhook_id of webhook', 'url of webhook', 'secret of webhook', 1, 1, 1, 1, 1, 'last_status of webhook', 'tells of webhook');
SELECT pg_catalog.setval('public.sale_change_id_seq', 2, true);
ALTER TABLE ONLY public.account_code_used
    ADD CONSTRAINT account_code_used_pkey PRIMARY KEY (mark);
ALTER TABLE ONLY public.account_consent
    ADD CONSTRAINT account_consent_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.account_enrolment
    ADD CONSTRAINT account_enrolment_pkey PRIMARY KEY (store_id, mark);
ALTER TABLE ONLY public.account_holder
    ADD CONSTRAINT account_holder_pkey PRIMARY KEY (mark);
ALTER TABLE ONLY public.account_lock
    ADD CONSTRAINT account_lock_pkey PRIMARY KEY (subject);
ALTER TABLE ONLY public.account_pace
    ADD CONSTRAINT account_pace_pkey PRIMARY KEY (terminal_id);
ALTER TABLE ONLY public.account_request
    ADD CONSTRAINT account_request_pkey PRIMARY KEY (terminal_id, asked_id);
ALTER TABLE ONLY public.account_ticket
    ADD CONSTRAINT account_ticket_pkey PRIMARY KEY (terminal_id, ticket_sha256);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (terminal_id, kind, subject);
ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (token_id);
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (store_id, audit_id);
ALTER TABLE ONLY public.basket_use
    ADD CONSTRAINT basket_use_pkey PRIMARY KEY (store_id, code, terminal_id, sale_id);
ALTER TABLE ONLY public.bill_counter
    ADD CONSTRAINT bill_counter_pkey PRIMARY KEY (store_id);
ALTER TABLE ONLY public.bill_first
    ADD CONSTRAINT bill_first_pkey PRIMARY KEY (store_id, code);
ALTER TABLE ONLY public.bill_posting
    ADD CONSTRAINT bill_posting_pkey PRIMARY KEY (terminal_id, payment_ref);
ALTER TABLE ONLY public.catalogue_import
    ADD CONSTRAINT catalogue_import_pkey PRIMARY KEY (store_id, import_id);
ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (store_id, kind, code);
ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_pkey PRIMARY KEY (terminal_id, command_id);
ALTER TABLE ONLY public.console_key
    ADD CONSTRAINT console_key_pkey PRIMARY KEY (purpose);
ALTER TABLE ONLY public.console_user
    ADD CONSTRAINT console_user_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_00
    ADD CONSTRAINT entry_00_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_01
    ADD CONSTRAINT entry_01_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_02
    ADD CONSTRAINT entry_02_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_03
    ADD CONSTRAINT entry_03_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_04
    ADD CONSTRAINT entry_04_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_05
    ADD CONSTRAINT entry_05_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_06
    ADD CONSTRAINT entry_06_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_07
    ADD CONSTRAINT entry_07_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_08
    ADD CONSTRAINT entry_08_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_09
    ADD CONSTRAINT entry_09_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_10
    ADD CONSTRAINT entry_10_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_11
    ADD CONSTRAINT entry_11_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_12
    ADD CONSTRAINT entry_12_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_13
    ADD CONSTRAINT entry_13_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_14
    ADD CONSTRAINT entry_14_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.entry_15
    ADD CONSTRAINT entry_15_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.export_counter
    ADD CONSTRAINT export_counter_pkey PRIMARY KEY (store_id);
ALTER TABLE ONLY public.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (store_id, name);
ALTER TABLE ONLY public.feed_row
    ADD CONSTRAINT feed_row_pkey PRIMARY KEY (store_id, name, row_key);
ALTER TABLE ONLY public.first_use
    ADD CONSTRAINT first_use_pkey PRIMARY KEY (store_id, kind, code);
ALTER TABLE ONLY public.fork_entry
    ADD CONSTRAINT fork_entry_pkey PRIMARY KEY (terminal_id, journal_id, seq, hash);
ALTER TABLE ONLY public.form_counter
    ADD CONSTRAINT form_counter_pkey PRIMARY KEY (store_id);
ALTER TABLE ONLY public.form_state
    ADD CONSTRAINT form_state_pkey PRIMARY KEY (store_id, submission_id);
ALTER TABLE ONLY public.form_submission
    ADD CONSTRAINT form_submission_pkey PRIMARY KEY (store_id, submission_id);
ALTER TABLE ONLY public.held_basket
    ADD CONSTRAINT held_basket_pkey PRIMARY KEY (store_id, code);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (terminal_id, journal_id);
ALTER TABLE ONLY public.ledger_total
    ADD CONSTRAINT ledger_total_pkey PRIMARY KEY (store_id, day, payment_terminal, currency);
ALTER TABLE ONLY public.nonce
    ADD CONSTRAINT nonce_pkey PRIMARY KEY (terminal_id, nonce);
ALTER TABLE ONLY public.pairing
    ADD CONSTRAINT pairing_pkey PRIMARY KEY (terminal_id, lookup);
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_00
    ADD CONSTRAINT payment_00_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_01
    ADD CONSTRAINT payment_01_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_02
    ADD CONSTRAINT payment_02_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_03
    ADD CONSTRAINT payment_03_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_04
    ADD CONSTRAINT payment_04_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_05
    ADD CONSTRAINT payment_05_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_06
    ADD CONSTRAINT payment_06_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_07
    ADD CONSTRAINT payment_07_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_08
    ADD CONSTRAINT payment_08_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_09
    ADD CONSTRAINT payment_09_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_10
    ADD CONSTRAINT payment_10_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_11
    ADD CONSTRAINT payment_11_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_12
    ADD CONSTRAINT payment_12_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_13
    ADD CONSTRAINT payment_13_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_14
    ADD CONSTRAINT payment_14_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.payment_15
    ADD CONSTRAINT payment_15_pkey PRIMARY KEY (terminal_id, ref);
ALTER TABLE ONLY public.projection_failure
    ADD CONSTRAINT projection_failure_pkey PRIMARY KEY (terminal_id, journal_id, seq);
ALTER TABLE ONLY public.projection
    ADD CONSTRAINT projection_pkey PRIMARY KEY (terminal_id);
ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_00
    ADD CONSTRAINT receipt_00_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_01
    ADD CONSTRAINT receipt_01_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_02
    ADD CONSTRAINT receipt_02_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_03
    ADD CONSTRAINT receipt_03_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_04
    ADD CONSTRAINT receipt_04_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_05
    ADD CONSTRAINT receipt_05_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_06
    ADD CONSTRAINT receipt_06_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_07
    ADD CONSTRAINT receipt_07_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_08
    ADD CONSTRAINT receipt_08_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_09
    ADD CONSTRAINT receipt_09_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_10
    ADD CONSTRAINT receipt_10_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_11
    ADD CONSTRAINT receipt_11_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_12
    ADD CONSTRAINT receipt_12_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_13
    ADD CONSTRAINT receipt_13_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_14
    ADD CONSTRAINT receipt_14_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.receipt_15
    ADD CONSTRAINT receipt_15_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.refund_case
    ADD CONSTRAINT refund_case_pkey PRIMARY KEY (store_id, terminal_id, payment_ref);
ALTER TABLE ONLY public.sale
    ADD CONSTRAINT sale_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_00
    ADD CONSTRAINT sale_00_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_01
    ADD CONSTRAINT sale_01_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_02
    ADD CONSTRAINT sale_02_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_03
    ADD CONSTRAINT sale_03_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_04
    ADD CONSTRAINT sale_04_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_05
    ADD CONSTRAINT sale_05_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_06
    ADD CONSTRAINT sale_06_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_07
    ADD CONSTRAINT sale_07_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_08
    ADD CONSTRAINT sale_08_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_09
    ADD CONSTRAINT sale_09_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_10
    ADD CONSTRAINT sale_10_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_11
    ADD CONSTRAINT sale_11_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_12
    ADD CONSTRAINT sale_12_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_13
    ADD CONSTRAINT sale_13_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_14
    ADD CONSTRAINT sale_14_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_15
    ADD CONSTRAINT sale_15_pkey PRIMARY KEY (terminal_id, sale_id);
ALTER TABLE ONLY public.sale_change
    ADD CONSTRAINT sale_change_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sale_export
    ADD CONSTRAINT sale_export_pkey PRIMARY KEY (store_id, number);
ALTER TABLE ONLY public.set_aside
    ADD CONSTRAINT set_aside_pkey PRIMARY KEY (terminal_id, journal_id, from_seq);
ALTER TABLE ONLY public.settlement_case
    ADD CONSTRAINT settlement_case_pkey PRIMARY KEY (store_id, kind, code, terminal_id, ref);
ALTER TABLE ONLY public.telemetry
    ADD CONSTRAINT telemetry_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_00
    ADD CONSTRAINT telemetry_00_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_01
    ADD CONSTRAINT telemetry_01_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_02
    ADD CONSTRAINT telemetry_02_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_03
    ADD CONSTRAINT telemetry_03_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_04
    ADD CONSTRAINT telemetry_04_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_05
    ADD CONSTRAINT telemetry_05_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_06
    ADD CONSTRAINT telemetry_06_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_07
    ADD CONSTRAINT telemetry_07_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_08
    ADD CONSTRAINT telemetry_08_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_09
    ADD CONSTRAINT telemetry_09_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_10
    ADD CONSTRAINT telemetry_10_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_11
    ADD CONSTRAINT telemetry_11_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_12
    ADD CONSTRAINT telemetry_12_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_13
    ADD CONSTRAINT telemetry_13_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_14
    ADD CONSTRAINT telemetry_14_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.telemetry_15
    ADD CONSTRAINT telemetry_15_pkey PRIMARY KEY (terminal_id, batch_id);
ALTER TABLE ONLY public.terminal_key
    ADD CONSTRAINT terminal_key_pkey PRIMARY KEY (terminal_id, key_id);
ALTER TABLE ONLY public.terminal
    ADD CONSTRAINT terminal_pkey PRIMARY KEY (terminal_id);
ALTER TABLE ONLY public.voucher_use
    ADD CONSTRAINT voucher_use_pkey PRIMARY KEY (store_id, code, terminal_id, sale_id);
ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (store_id, webhook_id);
CREATE INDEX account_consent_mark ON public.account_consent USING btree (mark, at);
CREATE INDEX account_enrolment_age ON public.account_enrolment USING btree (refreshed_ms);
CREATE INDEX account_request_age ON public.account_request USING btree (store_id, at_ms);
CREATE UNIQUE INDEX account_request_number ON public.account_request USING btree (request_id);
CREATE INDEX account_ticket_age ON public.account_ticket USING btree (until_ms);
CREATE INDEX alert_open ON public.alert USING btree (store_id, last_ms) WHERE (closed_ms IS NULL);
CREATE INDEX audit_at ON public.audit USING btree (store_id, at_ms);
CREATE INDEX bill_posting_day ON public.bill_posting USING btree (store_id, day);
CREATE INDEX bill_posting_key ON public.bill_posting USING btree (key);
CREATE INDEX bill_posting_number ON public.bill_posting USING btree (store_id, number);
CREATE INDEX bill_posting_waits ON public.bill_posting USING btree (next_ms) WHERE (state = ANY (ARRAY['pending'::text, 'undoing'::text]));
CREATE INDEX catalogue_import_age ON public.catalogue_import USING btree (store_id, made_ms);
CREATE INDEX claim_age ON public.claim USING btree (at_ms);
CREATE INDEX command_open ON public.command USING btree (issued_ms) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX feed_row_change ON public.feed_row USING btree (store_id, name, change);
CREATE INDEX fork_entry_hash ON public.fork_entry USING btree (terminal_id, journal_id, hash);
CREATE INDEX form_state_number ON public.form_state USING btree (store_id, number);
CREATE INDEX form_state_open ON public.form_state USING btree (store_id, state);
CREATE INDEX form_submission_day ON public.form_submission USING btree (store_id, form, day);
CREATE INDEX form_submission_number ON public.form_submission USING btree (store_id, day, number);
CREATE INDEX form_submission_place ON public.form_submission USING btree (store_id, place);
CREATE INDEX journal_unprojected ON public.journal USING btree (terminal_id) WHERE (projected_seq < seq);
CREATE INDEX nonce_until ON public.nonce USING btree (until_s);
CREATE INDEX pairing_lookup ON public.pairing USING btree (lookup);
CREATE INDEX payment_store_day ON ONLY public.payment USING btree (store_id, day);
CREATE INDEX payment_00_store_id_day_idx ON public.payment_00 USING btree (store_id, day);
CREATE INDEX payment_store_ref ON ONLY public.payment USING btree (store_id, ref);
CREATE INDEX payment_00_store_id_ref_idx ON public.payment_00 USING btree (store_id, ref);
CREATE INDEX payment_sale ON ONLY public.payment USING btree (terminal_id, sale_id);
CREATE INDEX payment_00_terminal_id_sale_id_idx ON public.payment_00 USING btree (terminal_id, sale_id);
CREATE INDEX payment_01_store_id_day_idx ON public.payment_01 USING btree (store_id, day);
CREATE INDEX payment_01_store_id_ref_idx ON public.payment_01 USING btree (store_id, ref);
CREATE INDEX payment_01_terminal_id_sale_id_idx ON public.payment_01 USING btree (terminal_id, sale_id);
CREATE INDEX payment_02_store_id_day_idx ON public.payment_02 USING btree (store_id, day);
CREATE INDEX payment_02_store_id_ref_idx ON public.payment_02 USING btree (store_id, ref);
CREATE INDEX payment_02_terminal_id_sale_id_idx ON public.payment_02 USING btree (terminal_id, sale_id);
CREATE INDEX payment_03_store_id_day_idx ON public.payment_03 USING btree (store_id, day);
CREATE INDEX payment_03_store_id_ref_idx ON public.payment_03 USING btree (store_id, ref);
CREATE INDEX payment_03_terminal_id_sale_id_idx ON public.payment_03 USING btree (terminal_id, sale_id);
CREATE INDEX payment_04_store_id_day_idx ON public.payment_04 USING btree (store_id, day);
CREATE INDEX payment_04_store_id_ref_idx ON public.payment_04 USING btree (store_id, ref);
CREATE INDEX payment_04_terminal_id_sale_id_idx ON public.payment_04 USING btree (terminal_id, sale_id);
CREATE INDEX payment_05_store_id_day_idx ON public.payment_05 USING btree (store_id, day);
CREATE INDEX payment_05_store_id_ref_idx ON public.payment_05 USING btree (store_id, ref);
CREATE INDEX payment_05_terminal_id_sale_id_idx ON public.payment_05 USING btree (terminal_id, sale_id);
CREATE INDEX payment_06_store_id_day_idx ON public.payment_06 USING btree (store_id, day);
CREATE INDEX payment_06_store_id_ref_idx ON public.payment_06 USING btree (store_id, ref);
CREATE INDEX payment_06_terminal_id_sale_id_idx ON public.payment_06 USING btree (terminal_id, sale_id);
CREATE INDEX payment_07_store_id_day_idx ON public.payment_07 USING btree (store_id, day);
CREATE INDEX payment_07_store_id_ref_idx ON public.payment_07 USING btree (store_id, ref);
CREATE INDEX payment_07_terminal_id_sale_id_idx ON public.payment_07 USING btree (terminal_id, sale_id);
CREATE INDEX payment_08_store_id_day_idx ON public.payment_08 USING btree (store_id, day);
CREATE INDEX payment_08_store_id_ref_idx ON public.payment_08 USING btree (store_id, ref);
CREATE INDEX payment_08_terminal_id_sale_id_idx ON public.payment_08 USING btree (terminal_id, sale_id);
CREATE INDEX payment_09_store_id_day_idx ON public.payment_09 USING btree (store_id, day);
CREATE INDEX payment_09_store_id_ref_idx ON public.payment_09 USING btree (store_id, ref);
CREATE INDEX payment_09_terminal_id_sale_id_idx ON public.payment_09 USING btree (terminal_id, sale_id);
CREATE INDEX payment_10_store_id_day_idx ON public.payment_10 USING btree (store_id, day);
CREATE INDEX payment_10_store_id_ref_idx ON public.payment_10 USING btree (store_id, ref);
CREATE INDEX payment_10_terminal_id_sale_id_idx ON public.payment_10 USING btree (terminal_id, sale_id);
CREATE INDEX payment_11_store_id_day_idx ON public.payment_11 USING btree (store_id, day);
CREATE INDEX payment_11_store_id_ref_idx ON public.payment_11 USING btree (store_id, ref);
CREATE INDEX payment_11_terminal_id_sale_id_idx ON public.payment_11 USING btree (terminal_id, sale_id);
CREATE INDEX payment_12_store_id_day_idx ON public.payment_12 USING btree (store_id, day);
CREATE INDEX payment_12_store_id_ref_idx ON public.payment_12 USING btree (store_id, ref);
CREATE INDEX payment_12_terminal_id_sale_id_idx ON public.payment_12 USING btree (terminal_id, sale_id);
CREATE INDEX payment_13_store_id_day_idx ON public.payment_13 USING btree (store_id, day);
CREATE INDEX payment_13_store_id_ref_idx ON public.payment_13 USING btree (store_id, ref);
CREATE INDEX payment_13_terminal_id_sale_id_idx ON public.payment_13 USING btree (terminal_id, sale_id);
CREATE INDEX payment_14_store_id_day_idx ON public.payment_14 USING btree (store_id, day);
CREATE INDEX payment_14_store_id_ref_idx ON public.payment_14 USING btree (store_id, ref);
CREATE INDEX payment_14_terminal_id_sale_id_idx ON public.payment_14 USING btree (terminal_id, sale_id);
CREATE INDEX payment_15_store_id_day_idx ON public.payment_15 USING btree (store_id, day);
CREATE INDEX payment_15_store_id_ref_idx ON public.payment_15 USING btree (store_id, ref);
CREATE INDEX payment_15_terminal_id_sale_id_idx ON public.payment_15 USING btree (terminal_id, sale_id);
CREATE INDEX refund_case_number ON public.refund_case USING btree (store_id, number);
CREATE INDEX sale_store_day ON ONLY public.sale USING btree (store_id, day);
CREATE INDEX sale_00_store_id_day_idx ON public.sale_00 USING btree (store_id, day);
CREATE INDEX sale_01_store_id_day_idx ON public.sale_01 USING btree (store_id, day);
CREATE INDEX sale_02_store_id_day_idx ON public.sale_02 USING btree (store_id, day);
CREATE INDEX sale_03_store_id_day_idx ON public.sale_03 USING btree (store_id, day);
CREATE INDEX sale_04_store_id_day_idx ON public.sale_04 USING btree (store_id, day);
CREATE INDEX sale_05_store_id_day_idx ON public.sale_05 USING btree (store_id, day);
CREATE INDEX sale_06_store_id_day_idx ON public.sale_06 USING btree (store_id, day);
CREATE INDEX sale_07_store_id_day_idx ON public.sale_07 USING btree (store_id, day);
CREATE INDEX sale_08_store_id_day_idx ON public.sale_08 USING btree (store_id, day);
CREATE INDEX sale_09_store_id_day_idx ON public.sale_09 USING btree (store_id, day);
CREATE INDEX sale_10_store_id_day_idx ON public.sale_10 USING btree (store_id, day);
CREATE INDEX sale_11_store_id_day_idx ON public.sale_11 USING btree (store_id, day);
CREATE INDEX sale_12_store_id_day_idx ON public.sale_12 USING btree (store_id, day);
CREATE INDEX sale_13_store_id_day_idx ON public.sale_13 USING btree (store_id, day);
CREATE INDEX sale_14_store_id_day_idx ON public.sale_14 USING btree (store_id, day);
CREATE INDEX sale_15_store_id_day_idx ON public.sale_15 USING btree (store_id, day);
CREATE INDEX sale_export_sale ON public.sale_export USING btree (terminal_id, sale_id);
CREATE INDEX sale_export_token ON public.sale_export USING btree (token);
CREATE INDEX telemetry_age ON ONLY public.telemetry USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_00_terminal_id_received_ms_idx ON public.telemetry_00 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_01_terminal_id_received_ms_idx ON public.telemetry_01 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_02_terminal_id_received_ms_idx ON public.telemetry_02 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_03_terminal_id_received_ms_idx ON public.telemetry_03 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_04_terminal_id_received_ms_idx ON public.telemetry_04 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_05_terminal_id_received_ms_idx ON public.telemetry_05 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_06_terminal_id_received_ms_idx ON public.telemetry_06 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_07_terminal_id_received_ms_idx ON public.telemetry_07 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_08_terminal_id_received_ms_idx ON public.telemetry_08 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_09_terminal_id_received_ms_idx ON public.telemetry_09 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_10_terminal_id_received_ms_idx ON public.telemetry_10 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_11_terminal_id_received_ms_idx ON public.telemetry_11 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_12_terminal_id_received_ms_idx ON public.telemetry_12 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_13_terminal_id_received_ms_idx ON public.telemetry_13 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_14_terminal_id_received_ms_idx ON public.telemetry_14 USING btree (terminal_id, received_ms);
CREATE INDEX telemetry_15_terminal_id_received_ms_idx ON public.telemetry_15 USING btree (terminal_id, received_ms);
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_00_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_01_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_02_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_03_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_04_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_05_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_06_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_07_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_08_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_09_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_10_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_11_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_12_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_13_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_14_pkey;
ALTER INDEX public.entry_pkey ATTACH PARTITION public.entry_15_pkey;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_00_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_00_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_00_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_00_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_01_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_01_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_01_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_01_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_02_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_02_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_02_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_02_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_03_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_03_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_03_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_03_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_04_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_04_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_04_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_04_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_05_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_05_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_05_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_05_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_06_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_06_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_06_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_06_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_07_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_07_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_07_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_07_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_08_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_08_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_08_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_08_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_09_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_09_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_09_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_09_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_10_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_10_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_10_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_10_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_11_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_11_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_11_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_11_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_12_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_12_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_12_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_12_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_13_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_13_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_13_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_13_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_14_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_14_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_14_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_14_terminal_id_sale_id_idx;
ALTER INDEX public.payment_pkey ATTACH PARTITION public.payment_15_pkey;
ALTER INDEX public.payment_store_day ATTACH PARTITION public.payment_15_store_id_day_idx;
ALTER INDEX public.payment_store_ref ATTACH PARTITION public.payment_15_store_id_ref_idx;
ALTER INDEX public.payment_sale ATTACH PARTITION public.payment_15_terminal_id_sale_id_idx;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_00_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_01_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_02_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_03_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_04_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_05_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_06_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_07_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_08_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_09_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_10_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_11_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_12_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_13_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_14_pkey;
ALTER INDEX public.receipt_pkey ATTACH PARTITION public.receipt_15_pkey;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_00_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_00_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_01_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_01_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_02_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_02_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_03_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_03_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_04_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_04_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_05_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_05_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_06_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_06_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_07_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_07_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_08_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_08_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_09_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_09_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_10_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_10_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_11_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_11_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_12_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_12_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_13_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_13_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_14_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_14_store_id_day_idx;
ALTER INDEX public.sale_pkey ATTACH PARTITION public.sale_15_pkey;
ALTER INDEX public.sale_store_day ATTACH PARTITION public.sale_15_store_id_day_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_00_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_00_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_01_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_01_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_02_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_02_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_03_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_03_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_04_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_04_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_05_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_05_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_06_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_06_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_07_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_07_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_08_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_08_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_09_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_09_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_10_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_10_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_11_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_11_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_12_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_12_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_13_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_13_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_14_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_14_terminal_id_received_ms_idx;
ALTER INDEX public.telemetry_pkey ATTACH PARTITION public.telemetry_15_pkey;
ALTER INDEX public.telemetry_age ATTACH PARTITION public.telemetry_15_terminal_id_received_ms_idx;
CREATE TRIGGER sale_changed AFTER INSERT OR UPDATE ON public.sale FOR EACH ROW EXECUTE FUNCTION public.note_sale_change();
