BEGIN TRANSACTION;
CREATE TABLE account_code_used (mark TEXT PRIMARY KEY, last_step BIGINT NOT NULL);
INSERT INTO "account_code_used" VALUES('mark of account_code_used',1);
CREATE TABLE account_consent (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, store_id TEXT NOT NULL,
        at TEXT NOT NULL, mark TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (terminal_id, journal_id, seq));
INSERT INTO "account_consent" VALUES('T1','journal_id of account_consent',1,'S1','2026-11-21T10:00:00+01:00','mark of account_consent','version of account_consent');
CREATE TABLE account_enrolment (store_id TEXT NOT NULL, mark TEXT NOT NULL, account_id TEXT NOT NULL, pin_mark TEXT NOT NULL,
        pin_hash TEXT NOT NULL, refreshed_ms BIGINT NOT NULL, PRIMARY KEY (store_id, mark));
INSERT INTO "account_enrolment" VALUES('S1','mark of account_enrolment','account_id of account_enrolment','pin_mark of account_enrolment','pin_hash of account_enrolment',1);
CREATE TABLE account_holder (mark TEXT PRIMARY KEY, account_id TEXT NOT NULL);
INSERT INTO "account_holder" VALUES('mark of account_holder','account_id of account_holder');
CREATE TABLE account_lock (subject TEXT PRIMARY KEY, wrong INTEGER NOT NULL, locked_until_ms BIGINT NOT NULL, tried_ms BIGINT NOT NULL,
        try_mark TEXT NOT NULL);
INSERT INTO "account_lock" VALUES('subject of account_lock',1,1,1,'try_mark of account_lock');
CREATE TABLE account_pace (terminal_id TEXT PRIMARY KEY, since_ms BIGINT NOT NULL, tries INTEGER NOT NULL);
INSERT INTO "account_pace" VALUES('T1',1,1);
CREATE TABLE account_request (terminal_id TEXT NOT NULL, asked_id TEXT NOT NULL, store_id TEXT NOT NULL, request_id TEXT NOT NULL,
        at_ms BIGINT NOT NULL, account_id TEXT NOT NULL, mark TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, taken_ms BIGINT,
        PRIMARY KEY (terminal_id, asked_id));
INSERT INTO "account_request" VALUES('T1','asked_id of account_request','S1','request_id of account_request',1,'account_id of account_request','mark of account_request','what of account_request','value of account_request',1);
CREATE TABLE account_ticket (terminal_id TEXT NOT NULL, ticket_sha256 TEXT NOT NULL, account_id TEXT NOT NULL, mark TEXT NOT NULL,
        until_ms BIGINT NOT NULL, code_mark TEXT NOT NULL, code_until_ms BIGINT NOT NULL, codes_sent INTEGER NOT NULL,
        step_mark TEXT NOT NULL, PRIMARY KEY (terminal_id, ticket_sha256));
INSERT INTO "account_ticket" VALUES('T1','ticket_sha256 of account_ticket','account_id of account_ticket','mark of account_ticket',1,'code_mark of account_ticket',1,1,'step_mark of account_ticket');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE alert (terminal_id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, store_id TEXT NOT NULL, detail TEXT NOT NULL,
        first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, count BIGINT NOT NULL, closed_ms BIGINT, closed_by TEXT,
        PRIMARY KEY (terminal_id, kind, subject));
INSERT INTO "alert" VALUES('T1','fork','j-T1','S1','another entry 7',1000000000000,1000000000000,1,NULL,NULL);
CREATE TABLE api_token (token_id TEXT PRIMARY KEY, store_id TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
        secret_sha256 TEXT NOT NULL, made_ms BIGINT NOT NULL, revoked_ms BIGINT);
INSERT INTO "api_token" VALUES('83b511097e01','S1','office','catalogue:write sales:read webhooks:write','851cd019bf1d87b869a6b17b3b34870df5a7f65b15d7f268e11e777cf79a01ad',1000,NULL);
CREATE TABLE approval (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, store_id TEXT NOT NULL, at TEXT NOT NULL,
        subject TEXT NOT NULL, granted INTEGER NOT NULL, staff TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq));
INSERT INTO "approval" VALUES('T1','journal_id of approval',1,'S1','2026-11-21T10:00:00+01:00','subject of approval',1,'staff of approval','role of approval','reason of approval');
CREATE TABLE audit (store_id TEXT NOT NULL, audit_id TEXT NOT NULL, at_ms BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (store_id, audit_id));
INSERT INTO "audit" VALUES('S1','1795325096882-fca4be95ab27',1795325096882,'command-line','person.added','kim','supervisor');
INSERT INTO "audit" VALUES('S1','0000000001000-97666ab01008',1000,'command-line','token.added','83b511097e01','office catalogue:write sales:read webhooks:write');
INSERT INTO "audit" VALUES('S1','1000000000000-032d2b9e0bfa',1000000000000,'kim','command.message','T1','c-b3c9ccaa6807b3b926fc1b43 {"text":"hello"}');
CREATE TABLE basket_use (store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (store_id, code, terminal_id, sale_id));
INSERT INTO "basket_use" VALUES('S1','code of basket_use','T1','sale_id of basket_use','2026-11-21T10:00:00+01:00');
CREATE TABLE bill_counter (store_id TEXT PRIMARY KEY, last_number BIGINT NOT NULL);
INSERT INTO "bill_counter" VALUES('S1',1);
CREATE TABLE bill_first (store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL,
        PRIMARY KEY (store_id, code));
INSERT INTO "bill_first" VALUES('S1','code of bill_first','T1','payment_ref of bill_first');
CREATE TABLE bill_posting (terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL,
        seq BIGINT NOT NULL, key TEXT NOT NULL, sale_id TEXT NOT NULL, receipt_number TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL,
        standard TEXT NOT NULL, payee TEXT NOT NULL, account TEXT NOT NULL, reference TEXT NOT NULL, amount_minor BIGINT NOT NULL,
        fee_minor BIGINT NOT NULL, currency TEXT NOT NULL, is_confirmed INTEGER NOT NULL, is_open_amount INTEGER NOT NULL,
        heard_ms BIGINT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL, failures BIGINT NOT NULL, next_ms BIGINT NOT NULL,
        biller TEXT NOT NULL, receipt_id TEXT NOT NULL, posted_at TEXT NOT NULL, reason TEXT NOT NULL, changed_ms BIGINT NOT NULL,
        number BIGINT NOT NULL, PRIMARY KEY (terminal_id, payment_ref));
INSERT INTO "bill_posting" VALUES('T1','payment_ref of bill_posting','S1','journal_id of bill_posting',1,'key of bill_posting','sale_id of bill_posting','receipt_number of bill_posting','2026-11-21T10:00:00+01:00','2026-11-21','standard of bill_posting','payee of bill_posting','account of bill_posting','reference of bill_posting',1,1,'EUR',1,1,1,'state of bill_posting',1,1,1,'biller of bill_posting','receipt_id of bill_posting','posted_at of bill_posting','reason of bill_posting',1,1);
CREATE TABLE catalogue_import (store_id TEXT NOT NULL, import_id TEXT NOT NULL, made_ms BIGINT NOT NULL, made_by TEXT NOT NULL,
        status TEXT NOT NULL, report TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (store_id, import_id));
INSERT INTO "catalogue_import" VALUES('S1','import_id of catalogue_import',1,'made_by of catalogue_import','status of catalogue_import','report of catalogue_import','content of catalogue_import');
CREATE TABLE claim (store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL,
        at_ms BIGINT NOT NULL, PRIMARY KEY (store_id, kind, code));
INSERT INTO "claim" VALUES('S1','kind of claim','code of claim','T1','sale_id of claim',1);
CREATE TABLE command (terminal_id TEXT NOT NULL, command_id TEXT NOT NULL, store_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        bound_to TEXT NOT NULL, issued_by TEXT NOT NULL, issued_ms BIGINT NOT NULL, deadline_ms BIGINT NOT NULL, given_ms BIGINT,
        status TEXT NOT NULL, result TEXT, result_ms BIGINT, PRIMARY KEY (terminal_id, command_id));
INSERT INTO "command" VALUES('T1','c-b3c9ccaa6807b3b926fc1b43','S1','message','{"text":"hello"}','','kim',1000000000000,1000003600000,NULL,'open',NULL,NULL);
CREATE TABLE console_key (purpose TEXT PRIMARY KEY, secret TEXT NOT NULL);
INSERT INTO "console_key" VALUES('purpose of console_key','secret of console_key');
CREATE TABLE console_user (name TEXT PRIMARY KEY, store_id TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
        made_ms BIGINT NOT NULL, ended_ms BIGINT, wrong INTEGER NOT NULL, locked_until_ms BIGINT NOT NULL,
        sessions_from_ms BIGINT NOT NULL);
INSERT INTO "console_user" VALUES('kim','S1','supervisor','$argon2id$v=19$m=65536,t=3,p=4$uI5KA0oOgfyuCmtqq/iO/Q$3LRPbDuMT+mDWNhZ5Q/j/3pTT5oXK+liTD7x9DO9r5Q',1795325096882,NULL,0,0,1795325096882);
CREATE TABLE entry (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, clock_ms BIGINT NOT NULL,
        kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq));
INSERT INTO "entry" VALUES('T1','j-T1',1,'2026-11-22T05:24:55.000+01:00',1,'payment.intended','pT1-1','{"amount_minor":199,"currency":"EUR","sale":{"sale_id":"T1-1"}}','05491bc32aaf11c0a2a4d655b9a04b209bbc18f0bc37e5dffabeec68311514fa','4c24910548b3de8edb1b04439e3094c0ab4a286a3d5026e88935c14c3f7d7429');
INSERT INTO "entry" VALUES('T1','j-T1',2,'2026-11-22T05:24:55.000+01:00',2,'payment.approved','pT1-1','{"card_last4":"4711","card_name":"Maestro","trace":7}','4c24910548b3de8edb1b04439e3094c0ab4a286a3d5026e88935c14c3f7d7429','9833a8b961acd6675e4539d79e596f3c68a4b185198717e4dd450c77c54be514');
INSERT INTO "entry" VALUES('T1','j-T1',3,'2026-11-22T05:24:55.000+01:00',3,'sale.completed','T1-1','{"approval":null,"at":"2026-11-22T05:24:55.000+01:00","coupons":[],"currency":"EUR","deposits":[],"item_count":1,"language":"en","lines":[{"batch":null,"category":"dairy","count":1,"expiry":null,"gross_minor":199,"gtin":"04012345678901","line_id":1,"minimum_age":0,"name":"Butter","plu":"","price_in_code":false,"price_version":"demo","savings":[],"tax_class":"B","tax_rate_bp":700,"total_minor":199,"unit":"piece","unit_price_minor":199,"weight_g":0}],"member":"M-998877","promotions":[],"receipt_number":"1","rounding_minor":0,"sale_id":"T1-1","savings_minor":0,"schema":1,"subtotal_minor":199,"tax_added_minor":0,"taxes":[{"gross_minor":199,"net_minor":186,"tax_class":"B","tax_minor":13,"tax_rate_bp":700}],"tender":{"amount_minor":199,"card_last4":"4711","card_name":"Maestro"},"to_pay_minor":199,"total_minor":199,"vouchers":[]}','9833a8b961acd6675e4539d79e596f3c68a4b185198717e4dd450c77c54be514','a71e54dcdefb5b0d2ca333a2c03c0b858e1246e013456382821bcb3897d408d5');
INSERT INTO "entry" VALUES('T1','j-T1',4,'2026-11-22T05:24:55.000+01:00',4,'payment.intended','pT1-4','{"amount_minor":450,"currency":"EUR","sale":{"sale_id":"T1-4"}}','a71e54dcdefb5b0d2ca333a2c03c0b858e1246e013456382821bcb3897d408d5','264a3b0e3e2b36e455fb7294e40fea296f6e9012dc953bdb3c47fe7ec88a0b50');
INSERT INTO "entry" VALUES('T1','j-T1',5,'2026-11-22T05:24:55.000+01:00',5,'payment.approved','pT1-4','{"card_last4":"4711","card_name":"Maestro","trace":7}','264a3b0e3e2b36e455fb7294e40fea296f6e9012dc953bdb3c47fe7ec88a0b50','f1c12e9d2535e2df1e63fbec92c6d9b1311d3db1d37e3056b3b226bc0b6fb2eb');
INSERT INTO "entry" VALUES('T1','j-T1',6,'2026-11-22T05:24:55.000+01:00',6,'sale.completed','T1-4','{"approval":null,"at":"2026-11-22T05:24:55.000+01:00","coupons":[],"currency":"EUR","deposits":[],"item_count":1,"language":"en","lines":[{"batch":null,"category":"dairy","count":1,"expiry":null,"gross_minor":450,"gtin":"04012345678901","line_id":1,"minimum_age":0,"name":"K\u00e4se","plu":"","price_in_code":false,"price_version":"demo","savings":[],"tax_class":"B","tax_rate_bp":700,"total_minor":450,"unit":"piece","unit_price_minor":450,"weight_g":0}],"member":"M-998877","promotions":[],"receipt_number":"4","rounding_minor":0,"sale_id":"T1-4","savings_minor":0,"schema":1,"subtotal_minor":450,"tax_added_minor":0,"taxes":[{"gross_minor":450,"net_minor":421,"tax_class":"B","tax_minor":29,"tax_rate_bp":700}],"tender":{"amount_minor":450,"card_last4":"4711","card_name":"Maestro"},"to_pay_minor":450,"total_minor":450,"vouchers":[]}','f1c12e9d2535e2df1e63fbec92c6d9b1311d3db1d37e3056b3b226bc0b6fb2eb','14ed9e5b8bf62c59b92724f83e3da616075c56fb665b9b62eb855c3c059c251f');
INSERT INTO "entry" VALUES('T1','j-T1',7,'2026-11-22T05:24:55.000+01:00',7,'sale.voided','T1-4','{"sale_id":"T1-4"}','14ed9e5b8bf62c59b92724f83e3da616075c56fb665b9b62eb855c3c059c251f','e184d74efa78af1e1a51141a11ac4917d5b1ddf528c7824cf5048184d5011b83');
INSERT INTO "entry" VALUES('T1','j-T1',8,'2026-11-22T05:24:55.000+01:00',8,'basket.held','basket:H1','{"basket":{"lines":[]},"code":"H1"}','e184d74efa78af1e1a51141a11ac4917d5b1ddf528c7824cf5048184d5011b83','4b6e0210fd5e222f29114c602fbaa8111612f614603fe55807fb54bf3aad7528');
INSERT INTO "entry" VALUES('T1','j-T1',9,'2026-11-22T05:24:55.000+01:00',9,'voucher.redeemed','v','{"amount_minor":25,"code":"DEP-1","currency":"EUR","sale_id":"T1-3"}','4b6e0210fd5e222f29114c602fbaa8111612f614603fe55807fb54bf3aad7528','8bfa833bd4df64af6c0ed20bf58abd96199f1493e8371654bc43f6731090a107');
CREATE TABLE export_counter (store_id TEXT PRIMARY KEY, last_number BIGINT NOT NULL);
INSERT INTO "export_counter" VALUES('',0);
INSERT INTO "export_counter" VALUES('S1',2);
CREATE TABLE feed (store_id TEXT NOT NULL, name TEXT NOT NULL, format INTEGER NOT NULL, epoch TEXT NOT NULL, last_change BIGINT NOT NULL,
        live_rows BIGINT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (store_id, name));
INSERT INTO "feed" VALUES('S1','prices',1,'fa5b2844e2284038',1,1,'v1');
CREATE TABLE feed_row (store_id TEXT NOT NULL, name TEXT NOT NULL, row_key TEXT NOT NULL, change BIGINT NOT NULL, body TEXT,
        PRIMARY KEY (store_id, name, row_key));
INSERT INTO "feed_row" VALUES('S1','prices','04012345678901',1,'{"member_price_minor":null,"number":4012345678901,"price_minor":199}');
CREATE TABLE first_use (store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL,
        PRIMARY KEY (store_id, kind, code));
INSERT INTO "first_use" VALUES('S1','voucher','DEP-1','T1','T1-3');
CREATE TABLE fork_entry (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL,
        clock_ms BIGINT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq, hash));
INSERT INTO "fork_entry" VALUES('T1','journal_id of fork_entry',1,'2026-11-21T10:00:00+01:00',1,'kind of fork_entry','subject of fork_entry','body of fork_entry','prev of fork_entry','hash of fork_entry');
CREATE TABLE form_counter (store_id TEXT PRIMARY KEY, last_number BIGINT NOT NULL);
INSERT INTO "form_counter" VALUES('S1',1);
CREATE TABLE form_state (store_id TEXT NOT NULL, submission_id TEXT NOT NULL, state TEXT NOT NULL, who TEXT NOT NULL, at_ms BIGINT NOT NULL,
        number BIGINT NOT NULL, PRIMARY KEY (store_id, submission_id));
INSERT INTO "form_state" VALUES('S1','submission_id of form_state','state of form_state','who of form_state',1,1);
CREATE TABLE form_submission (store_id TEXT NOT NULL, submission_id TEXT NOT NULL, terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL,
        seq BIGINT NOT NULL, at TEXT NOT NULL, form TEXT NOT NULL, ending TEXT NOT NULL, title TEXT NOT NULL, day TEXT NOT NULL,
        number TEXT NOT NULL, running BIGINT NOT NULL, slot TEXT NOT NULL, place TEXT NOT NULL, is_fixed INTEGER NOT NULL,
        language TEXT NOT NULL, consent TEXT NOT NULL, answers TEXT NOT NULL, PRIMARY KEY (store_id, submission_id));
INSERT INTO "form_submission" VALUES('S1','submission_id of form_submission','T1','journal_id of form_submission',1,'2026-11-21T10:00:00+01:00','form of form_submission','ending of form_submission','title of form_submission','2026-11-21','number of form_submission',1,'slot of form_submission','place of form_submission',1,'language of form_submission','consent of form_submission','answers of form_submission');
CREATE TABLE held_basket (store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (store_id, code));
INSERT INTO "held_basket" VALUES('S1','H1','T1','2026-11-22T05:24:55.000+01:00','{"lines":[]}');
CREATE TABLE journal (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, first_seq BIGINT NOT NULL, seq BIGINT NOT NULL,
        hash TEXT NOT NULL, continues TEXT, begun_ms BIGINT NOT NULL, heard_ms BIGINT NOT NULL, projected_seq BIGINT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id));
INSERT INTO "journal" VALUES('T1','j-T1',1,9,'8bfa833bd4df64af6c0ed20bf58abd96199f1493e8371654bc43f6731090a107',NULL,1795325095858,1795325097880,9);
CREATE TABLE ledger_total (store_id TEXT NOT NULL, day TEXT NOT NULL, payment_terminal TEXT NOT NULL, currency TEXT NOT NULL,
        payments BIGINT NOT NULL, total_minor BIGINT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (store_id, day, payment_terminal, currency));
INSERT INTO "ledger_total" VALUES('S1','2026-11-21','payment_terminal of ledger_total','EUR',1,1,'source of ledger_total');
CREATE TABLE nonce (terminal_id TEXT NOT NULL, nonce TEXT NOT NULL, until_s BIGINT NOT NULL, PRIMARY KEY (terminal_id, nonce));
INSERT INTO "nonce" VALUES('T1','nonce of nonce',1);
CREATE TABLE pairing (terminal_id TEXT NOT NULL, store_id TEXT NOT NULL, lookup TEXT NOT NULL, secret_key TEXT NOT NULL,
        expires_ms BIGINT NOT NULL, tries INTEGER NOT NULL, used_ms BIGINT, PRIMARY KEY (terminal_id, lookup));
INSERT INTO "pairing" VALUES('T1','S1','lookup of pairing','secret_key of pairing',1,1,1);
CREATE TABLE payment (terminal_id TEXT NOT NULL, ref TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
        at TEXT NOT NULL, day TEXT NOT NULL, state TEXT NOT NULL, is_charged INTEGER NOT NULL, sale_id TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, trace BIGINT, receipt_no BIGINT, payment_terminal TEXT NOT NULL,
        card_name TEXT NOT NULL, card_last4 TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (terminal_id, ref));
INSERT INTO "payment" VALUES('T1','pT1-1','S1','j-T1',2,'2026-11-22T05:24:55.000+01:00','2026-11-22','approved',1,'T1-1',199,'EUR',7,NULL,'','Maestro','4711','');
INSERT INTO "payment" VALUES('T1','pT1-4','S1','j-T1',5,'2026-11-22T05:24:55.000+01:00','2026-11-22','approved',1,'T1-4',450,'EUR',7,NULL,'','Maestro','4711','');
CREATE TABLE projection (terminal_id TEXT PRIMARY KEY, store_id TEXT NOT NULL);
INSERT INTO "projection" VALUES('T1','S1');
CREATE TABLE projection_failure (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL,
        reason TEXT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (terminal_id, journal_id, seq));
INSERT INTO "projection_failure" VALUES('T1','journal_id of projection_failure',1,'kind of projection_failure','reason of projection_failure',1);
CREATE TABLE receipt (terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, store_id TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,
        copies INTEGER NOT NULL, PRIMARY KEY (terminal_id, sale_id));
INSERT INTO "receipt" VALUES('T1','sale_id of receipt','S1','number of receipt','state of receipt',1);
CREATE TABLE refund_case (store_id TEXT NOT NULL, terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL, why TEXT NOT NULL, detail TEXT NOT NULL,
        opened_ms BIGINT NOT NULL, done_ms BIGINT NOT NULL, done_by TEXT NOT NULL, note TEXT NOT NULL, number BIGINT NOT NULL,
        PRIMARY KEY (store_id, terminal_id, payment_ref));
INSERT INTO "refund_case" VALUES('S1','T1','payment_ref of refund_case','why of refund_case','detail of refund_case',1,1,'done_by of refund_case','note of refund_case',1);
CREATE TABLE sale (terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
        at TEXT NOT NULL, day TEXT NOT NULL, total_minor BIGINT NOT NULL, to_pay_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        items INTEGER NOT NULL, receipt_number TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (terminal_id, sale_id));
INSERT INTO "sale" VALUES('T1','T1-1','S1','j-T1',3,'2026-11-22T05:24:55.000+01:00','2026-11-22',199,199,'EUR',1,'1','completed');
INSERT INTO "sale" VALUES('T1','T1-4','S1','j-T1',6,'2026-11-22T05:24:55.000+01:00','2026-11-22',450,450,'EUR',1,'4','voided');
CREATE TABLE sale_change (id INTEGER PRIMARY KEY, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL);
INSERT INTO "sale_change" VALUES(1,'T1','T1-1');
INSERT INTO "sale_change" VALUES(2,'T1','T1-4');
CREATE TABLE sale_export (store_id TEXT NOT NULL, number BIGINT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (store_id, number));
INSERT INTO "sale_export" VALUES('S1',1,'T1','T1-1','S1 j-T1 3 completed 199','s1V9aroDgZfSyqm6LcDTtjX7fB3-oZ7s');
INSERT INTO "sale_export" VALUES('S1',2,'T1','T1-4','S1 j-T1 6 completed 450','jwGttgsH9XdRmUhMgGxJ65eEms0H9Epq');
CREATE TABLE set_aside (terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL,
        to_hash TEXT NOT NULL, problem TEXT NOT NULL, body TEXT NOT NULL, kept_ms BIGINT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, from_seq));
INSERT INTO "set_aside" VALUES('T1','journal_id of set_aside',1,1,'to_hash of set_aside','problem of set_aside','body of set_aside',1);
CREATE TABLE settlement_case (store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, ref TEXT NOT NULL,
        sale_id TEXT NOT NULL, at TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, stands_terminal TEXT NOT NULL,
        stands_sale TEXT NOT NULL, stands_ref TEXT NOT NULL, PRIMARY KEY (store_id, kind, code, terminal_id, ref));
INSERT INTO "settlement_case" VALUES('S1','kind of settlement_case','code of settlement_case','T1','ref of settlement_case','sale_id of settlement_case','2026-11-21T10:00:00+01:00',1,'EUR','stands_terminal of settlement_case','stands_sale of settlement_case','stands_ref of settlement_case');
CREATE TABLE telemetry (terminal_id TEXT NOT NULL, batch_id TEXT NOT NULL, received_ms BIGINT NOT NULL, events INTEGER NOT NULL,
        dropped BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (terminal_id, batch_id));
INSERT INTO "telemetry" VALUES('T1','batch_id of telemetry',1,1,1,'body of telemetry');
CREATE TABLE terminal (terminal_id TEXT PRIMARY KEY, store_id TEXT NOT NULL, enrolled_ms BIGINT NOT NULL, revoked_ms BIGINT,
        seen_ms BIGINT, skew_ms BIGINT, state TEXT, state_ms BIGINT);
INSERT INTO "terminal" VALUES('T1','S1',1,NULL,1795325097881,NULL,'{"at":"2026-11-22T05:24:55.000+01:00","mode":"selling","step":"basket","version":"","profile":"","journal_id":"j-T1","seq":9,"unsent":{"entries":0,"since":null,"reason":"","set_aside":0,"telemetry":0,"telemetry_dropped":0},"devices":[],"approvals":[],"limits":{}}',1795325097881);
CREATE TABLE terminal_key (terminal_id TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL, made_ms BIGINT NOT NULL,
        revoked_ms BIGINT, PRIMARY KEY (terminal_id, key_id));
INSERT INTO "terminal_key" VALUES('T1','k1','AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',1,NULL);
CREATE TABLE voucher_use (store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, at TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (store_id, code, terminal_id, sale_id));
INSERT INTO "voucher_use" VALUES('S1','DEP-1','T1','T1-3','2026-11-22T05:24:55.000+01:00',25,'EUR');
CREATE TABLE webhook (store_id TEXT NOT NULL, webhook_id TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, made_ms BIGINT NOT NULL,
        after_number BIGINT NOT NULL, failures INTEGER NOT NULL, next_ms BIGINT NOT NULL, is_paused INTEGER NOT NULL,
        last_status TEXT NOT NULL, tells TEXT NOT NULL DEFAULT 'sales', PRIMARY KEY (store_id, webhook_id));
INSERT INTO "webhook" VALUES('S1','webhook_id of webhook','url of webhook','secret of webhook',1,1,1,1,1,'last_status of webhook','tells of webhook');
CREATE INDEX pairing_lookup ON pairing (lookup);
CREATE INDEX nonce_until ON nonce (until_s);
CREATE INDEX journal_unprojected ON journal (terminal_id) WHERE projected_seq < seq;
CREATE INDEX fork_entry_hash ON fork_entry (terminal_id, journal_id, hash);
CREATE INDEX sale_store_day ON sale (store_id, day);
CREATE INDEX payment_store_day ON payment (store_id, day);
CREATE INDEX payment_sale ON payment (terminal_id, sale_id);
CREATE INDEX alert_open ON alert (store_id, last_ms) WHERE closed_ms IS NULL;
CREATE INDEX audit_at ON audit (store_id, at_ms);
CREATE INDEX command_open ON command (issued_ms) WHERE status = 'open';
CREATE UNIQUE INDEX feed_row_change ON feed_row (store_id, name, change);
CREATE INDEX telemetry_age ON telemetry (terminal_id, received_ms);
CREATE INDEX sale_export_sale ON sale_export (terminal_id, sale_id);
CREATE INDEX sale_export_token ON sale_export (token);
CREATE INDEX catalogue_import_age ON catalogue_import (store_id, made_ms);
CREATE TRIGGER sale_made AFTER INSERT ON sale BEGIN INSERT INTO sale_change (terminal_id, sale_id) VALUES (NEW.terminal_id, NEW.sale_id); END;
CREATE TRIGGER sale_changed AFTER UPDATE ON sale BEGIN INSERT INTO sale_change (terminal_id, sale_id) VALUES (NEW.terminal_id, NEW.sale_id); END;
CREATE INDEX payment_store_ref ON payment (store_id, ref);
CREATE INDEX claim_age ON claim (at_ms);
CREATE INDEX bill_posting_key ON bill_posting (key);
CREATE INDEX bill_posting_day ON bill_posting (store_id, day);
CREATE INDEX bill_posting_number ON bill_posting (store_id, number);
CREATE INDEX bill_posting_waits ON bill_posting (next_ms) WHERE state IN ('pending', 'undoing');
CREATE INDEX refund_case_number ON refund_case (store_id, number);
CREATE INDEX account_consent_mark ON account_consent (mark, at);
CREATE INDEX account_ticket_age ON account_ticket (until_ms);
CREATE UNIQUE INDEX account_request_number ON account_request (request_id);
CREATE INDEX account_request_age ON account_request (store_id, at_ms);
CREATE INDEX account_enrolment_age ON account_enrolment (refreshed_ms);
CREATE INDEX form_submission_day ON form_submission (store_id, form, day);
CREATE INDEX form_submission_number ON form_submission (store_id, day, number);
CREATE INDEX form_submission_place ON form_submission (store_id, place);
CREATE INDEX form_state_number ON form_state (store_id, number);
CREATE INDEX form_state_open ON form_state (store_id, state);
COMMIT;
