-- Books of schema 0024, as the program of that time wrote them: one order, signed, of two pieces for 10.00.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num TEXT NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0024');
CREATE TABLE anchors (
	id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_anchors PRIMARY KEY (id), 
	CONSTRAINT ck_anchors_single CHECK (id = 1)
)
 STRICT

;
INSERT INTO "anchors" VALUES(1,3,'51c860fe3e4b73d9f056d198599e623c68009e0aebc9d786a1ef7d0e398f2daf');
CREATE TABLE bad_reviews (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	because TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	opened_at TEXT NOT NULL, 
	contacted_at TEXT, 
	closed_at TEXT, 
	CONSTRAINT pk_bad_reviews PRIMARY KEY (id), 
	CONSTRAINT fk_bad_reviews_order_id FOREIGN KEY(order_id) REFERENCES orders (id)
)
 STRICT

;
CREATE TABLE barcodes (
	code TEXT NOT NULL, 
	sku TEXT NOT NULL, 
	pieces INTEGER NOT NULL, 
	CONSTRAINT pk_barcodes PRIMARY KEY (code, sku), 
	CONSTRAINT ck_barcodes_pieces CHECK (pieces > 0), 
	CONSTRAINT fk_barcodes_sku FOREIGN KEY(sku) REFERENCES products (sku)
)
 STRICT

;
CREATE TABLE bills (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	format TEXT NOT NULL, 
	shop TEXT NOT NULL, 
	number TEXT NOT NULL, 
	order_number TEXT NOT NULL, 
	refund_number TEXT NOT NULL, 
	trade TEXT NOT NULL, 
	at TEXT, 
	words TEXT NOT NULL, 
	category TEXT NOT NULL, 
	minor INTEGER NOT NULL, 
	fee INTEGER, 
	currency TEXT NOT NULL, 
	balance INTEGER, 
	remark TEXT NOT NULL, 
	CONSTRAINT pk_bills PRIMARY KEY (id), 
	CONSTRAINT fk_bills_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_bills_format_shop_number UNIQUE (format, shop, number)
)
 STRICT

;
CREATE TABLE case_lines (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	due INTEGER NOT NULL, wanted INTEGER, want_sku TEXT DEFAULT '' NOT NULL, agreed INTEGER, 
	CONSTRAINT pk_case_lines PRIMARY KEY (id), 
	CONSTRAINT ck_case_lines_amounts CHECK (quantity >= 0 AND due >= 0), 
	CONSTRAINT fk_case_lines_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_case_lines_line_id FOREIGN KEY(line_id) REFERENCES order_lines (id), 
	CONSTRAINT uq_case_lines_case_id_line_id UNIQUE (case_id, line_id)
)
 STRICT

;
CREATE TABLE cases (
	id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	order_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	decision TEXT NOT NULL, 
	filing TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	reason_stated TEXT NOT NULL, 
	reason_set TEXT NOT NULL, 
	reason_verified TEXT NOT NULL, 
	buyer_words TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	note TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	asked INTEGER, 
	freight_due INTEGER NOT NULL, 
	applied_at TEXT NOT NULL, 
	opened_at TEXT NOT NULL, 
	decided_at TEXT, 
	finished_at TEXT, 
	because TEXT NOT NULL, 
	policy TEXT NOT NULL, 
	platform_number TEXT, 
	platform_status TEXT NOT NULL, 
	platform_amount INTEGER, 
	platform_due_at TEXT, 
	platform_succeeded_at TEXT, opened INTEGER, misused INTEGER, tier TEXT, detail TEXT, flag TEXT, platform_state TEXT DEFAULT '' NOT NULL, decided_by TEXT DEFAULT '' NOT NULL, decided_as TEXT DEFAULT '' NOT NULL, platform_key TEXT GENERATED ALWAYS AS (upper(replace(platform_number, ' ', ''))), platform_estimated INTEGER DEFAULT 0 NOT NULL, platform_kind TEXT DEFAULT '' NOT NULL, platform_seen_at TEXT, payment_number TEXT DEFAULT '' NOT NULL, platform_way TEXT DEFAULT '' NOT NULL, platform_reviewed_by TEXT DEFAULT '' NOT NULL, platform_refunded_by TEXT DEFAULT '' NOT NULL, platform_instant TEXT DEFAULT '' NOT NULL, freight_agreed INTEGER, platform_mark TEXT, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT fk_cases_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_cases_number UNIQUE (number), 
	CONSTRAINT uq_cases_platform_platform_number UNIQUE (platform, platform_number)
)
 STRICT

;
CREATE TABLE changed_rows (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	was TEXT, 
	CONSTRAINT pk_changed_rows PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE contacts (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	way TEXT NOT NULL, 
	result TEXT NOT NULL, 
	note TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (id), 
	CONSTRAINT fk_contacts_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE counters (
	series TEXT NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (series)
)
 STRICT

;
CREATE TABLE draws (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	line_id INTEGER, 
	case_id INTEGER NOT NULL, 
	units INTEGER NOT NULL, 
	share INTEGER NOT NULL, 
	cash INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_draws PRIMARY KEY (id), 
	CONSTRAINT fk_draws_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_draws_line_id FOREIGN KEY(line_id) REFERENCES order_lines (id), 
	CONSTRAINT fk_draws_order_id FOREIGN KEY(order_id) REFERENCES orders (id)
)
 STRICT

;
CREATE TABLE escalations (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	authority INTEGER NOT NULL, 
	due_at TEXT NOT NULL, 
	estimated INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	because TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	opened_at TEXT NOT NULL, 
	answered_at TEXT, 
	closed_at TEXT, 
	CONSTRAINT pk_escalations PRIMARY KEY (id), 
	CONSTRAINT fk_escalations_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE events (
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	operator TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	action TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	rehearsal INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (seq)
)
 STRICT

;
INSERT INTO "events" VALUES(1,'2026-11-09T04:00:00+00:00','老板','books','found','{"books":"049d86d57b708515"}',1,'958662624e872c944328f083be84f61476460ecf2ac3d2e2b2452ff3f8296250');
INSERT INTO "events" VALUES(2,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"1":{"created_at":"2026-11-09 04:00:00.000000","name":"老板","role":"owner"}}}}',1,'c79d6119866031a096d488289aea16e1f9ea89f86425804d80686ae200589818');
INSERT INTO "events" VALUES(3,'2026-11-09T04:00:00+00:00','老板','books','facts','{"lists":{"order_lines":{"columns":["cash","order_id","platform_share","price","quantity","refunded_there","sku","stated"],"rows":"[[1,1000,1,null,500,2,null,\"TS-L\",1000]]"},"orders":{"columns":["currency","freight","number","paid","refunded_there"],"rows":"[[1,\"CNY\",0,\"2850000000000000441\",1000,null]]"}}}',1,'51c860fe3e4b73d9f056d198599e623c68009e0aebc9d786a1ef7d0e398f2daf');
CREATE TABLE evidence (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	path TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, name TEXT, size INTEGER, 
	CONSTRAINT pk_evidence PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_evidence_case_id_sha256 UNIQUE (case_id, sha256)
)
 STRICT

;
CREATE TABLE extensions (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	days INTEGER NOT NULL, 
	because TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_extensions PRIMARY KEY (id), 
	CONSTRAINT ck_extensions_days CHECK (days > 0), 
	CONSTRAINT fk_extensions_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE import_faults (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	"column" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	problem TEXT NOT NULL, cells TEXT, 
	CONSTRAINT pk_import_faults PRIMARY KEY (id), 
	CONSTRAINT fk_import_faults_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
)
 STRICT

;
CREATE TABLE import_questions (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	field TEXT NOT NULL, 
	known TEXT NOT NULL, 
	found TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_import_questions PRIMARY KEY (id), 
	CONSTRAINT fk_import_questions_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_import_questions_subject_field_found UNIQUE (subject, field, found)
)
 STRICT

;
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	name TEXT NOT NULL, 
	format TEXT NOT NULL, 
	holds TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	shop TEXT NOT NULL, 
	state TEXT NOT NULL, 
	progress TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	added INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	started_at TEXT NOT NULL, 
	done_at TEXT, 
	"by" TEXT NOT NULL, header TEXT, shops TEXT DEFAULT '[]' NOT NULL, mended INTEGER DEFAULT '0' NOT NULL, exported_at TEXT, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT uq_imports_sha256_shop UNIQUE (sha256, shop)
)
 STRICT

;
CREATE TABLE inspections (
	id INTEGER NOT NULL, 
	parcel_id INTEGER NOT NULL, 
	case_line_id INTEGER, 
	sku TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	grade TEXT NOT NULL, 
	disposition TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reverses_id INTEGER, 
	CONSTRAINT pk_inspections PRIMARY KEY (id), 
	CONSTRAINT ck_inspections_quantity CHECK (quantity > 0 AND reverses_id IS NULL OR quantity < 0 AND reverses_id IS NOT NULL), 
	CONSTRAINT fk_inspections_case_line_id FOREIGN KEY(case_line_id) REFERENCES case_lines (id), 
	CONSTRAINT fk_inspections_parcel_id FOREIGN KEY(parcel_id) REFERENCES parcels (id), 
	CONSTRAINT fk_inspections_reverses_id FOREIGN KEY(reverses_id) REFERENCES inspections (id), 
	CONSTRAINT uq_inspections_reverses_id UNIQUE (reverses_id)
)
 STRICT

;
CREATE TABLE movements (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	waybill TEXT NOT NULL, 
	at TEXT NOT NULL, 
	status TEXT NOT NULL, 
	event TEXT NOT NULL, 
	carrier TEXT NOT NULL, 
	place TEXT NOT NULL, 
	CONSTRAINT pk_movements PRIMARY KEY (id), 
	CONSTRAINT fk_movements_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_movements_waybill_at_status_event UNIQUE (waybill, at, status, event)
)
 STRICT

;
CREATE TABLE notes (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	amount INTEGER, 
	sku TEXT NOT NULL, 
	flag TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (id), 
	CONSTRAINT fk_notes_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE offers (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	rung TEXT NOT NULL, 
	amount INTEGER NOT NULL, 
	due INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	answered_by TEXT NOT NULL, 
	answered_at TEXT, 
	CONSTRAINT pk_offers PRIMARY KEY (id), 
	CONSTRAINT ck_offers_amounts CHECK (amount >= 0 AND due >= 0), 
	CONSTRAINT fk_offers_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE operations (
	"key" TEXT NOT NULL, 
	request TEXT NOT NULL, 
	document TEXT NOT NULL, 
	operator TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_operations PRIMARY KEY ("key")
)
 STRICT

;
CREATE TABLE order_lines (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	title TEXT NOT NULL, 
	variant TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	price INTEGER NOT NULL, 
	stated INTEGER, 
	cash INTEGER NOT NULL, 
	cash_source TEXT NOT NULL, 
	platform_status TEXT NOT NULL, 
	confirmed INTEGER NOT NULL, status TEXT DEFAULT '' NOT NULL, refunded TEXT DEFAULT '' NOT NULL, number_key TEXT GENERATED ALWAYS AS (upper(replace(number, ' ', ''))), refunded_there INTEGER, platform_share INTEGER, 
	CONSTRAINT pk_order_lines PRIMARY KEY (id), 
	CONSTRAINT ck_order_lines_cash CHECK (cash >= 0), 
	CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_order_lines_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_order_lines_order_id_number UNIQUE (order_id, number)
)
 STRICT

;
INSERT INTO "order_lines" VALUES(1,1,'28500000000000004411',1,'TS-L','商品TS-L','',2,500,1000,1000,'file','',0,'','',NULL,NULL);
CREATE TABLE orders (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	number TEXT NOT NULL, 
	shop TEXT NOT NULL, 
	status TEXT NOT NULL, 
	platform_status TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	paid INTEGER NOT NULL, 
	freight INTEGER NOT NULL, 
	pieces INTEGER, 
	buyer TEXT NOT NULL, 
	receiver TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	phone_tail TEXT NOT NULL, 
	address TEXT NOT NULL, 
	buyer_remark TEXT NOT NULL, 
	seller_remark TEXT NOT NULL, 
	waybill TEXT NOT NULL, 
	carrier TEXT NOT NULL, 
	ordered_at TEXT, 
	paid_at TEXT, 
	shipped_at TEXT, 
	signed_at TEXT, 
	signed_by TEXT NOT NULL, shipped INTEGER DEFAULT 0 NOT NULL, refunded TEXT DEFAULT '' NOT NULL, number_key TEXT GENERATED ALWAYS AS (upper(ltrim(replace(number, ' ', ''), '#'))), refunded_there INTEGER, payment_number TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT ck_orders_amounts CHECK (paid >= 0 AND freight >= 0), 
	CONSTRAINT uq_orders_platform_number UNIQUE (platform, number)
)
 STRICT

;
INSERT INTO "orders" VALUES(1,'taobao','2850000000000000441','','done','','CNY',1000,0,NULL,'','','','','','','','SF000000000441','','2026-11-01 04:00:00.000000','2026-11-01 04:00:00.000000','2026-11-02 04:00:00.000000','2026-11-06 04:00:00.000000','confirmed',0,'',NULL,'');
CREATE TABLE parcel_cases (
	id INTEGER NOT NULL, 
	parcel_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	CONSTRAINT pk_parcel_cases PRIMARY KEY (id), 
	CONSTRAINT fk_parcel_cases_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_parcel_cases_parcel_id FOREIGN KEY(parcel_id) REFERENCES parcels (id), 
	CONSTRAINT uq_parcel_cases_parcel_id_case_id UNIQUE (parcel_id, case_id)
)
 STRICT

;
CREATE TABLE parcel_counts (
	id INTEGER NOT NULL, 
	parcel_id INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	counted INTEGER NOT NULL, 
	inspected INTEGER NOT NULL, 
	CONSTRAINT pk_parcel_counts PRIMARY KEY (id), 
	CONSTRAINT ck_parcel_counts_inspected CHECK (inspected >= 0 AND inspected <= counted), 
	CONSTRAINT fk_parcel_counts_parcel_id FOREIGN KEY(parcel_id) REFERENCES parcels (id), 
	CONSTRAINT uq_parcel_counts_parcel_id_sku UNIQUE (parcel_id, sku)
)
 STRICT

;
CREATE TABLE parcels (
	id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	waybill TEXT NOT NULL, 
	carrier TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	received_at TEXT, 
	received_by TEXT NOT NULL, 
	CONSTRAINT pk_parcels PRIMARY KEY (id), 
	CONSTRAINT uq_parcels_number UNIQUE (number), 
	CONSTRAINT uq_parcels_waybill UNIQUE (waybill)
)
 STRICT

;
CREATE TABLE payout_parts (
	id INTEGER NOT NULL, 
	payout_id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	line_id INTEGER, 
	purpose TEXT NOT NULL, 
	minor INTEGER NOT NULL, 
	CONSTRAINT pk_payout_parts PRIMARY KEY (id), 
	CONSTRAINT fk_payout_parts_line_id FOREIGN KEY(line_id) REFERENCES order_lines (id), 
	CONSTRAINT fk_payout_parts_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT fk_payout_parts_payout_id FOREIGN KEY(payout_id) REFERENCES payouts (id)
)
 STRICT

;
CREATE TABLE payouts (
	id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	request TEXT NOT NULL, 
	case_id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	method TEXT NOT NULL, 
	payee TEXT NOT NULL, 
	minor INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	decided_by TEXT NOT NULL, 
	decided_at TEXT NOT NULL, 
	approved_by TEXT, 
	settled_at TEXT, 
	because TEXT NOT NULL, 
	reverses_id INTEGER, 
	CONSTRAINT pk_payouts PRIMARY KEY (id), 
	CONSTRAINT ck_payouts_sign CHECK ((minor < 0) = (reverses_id IS NOT NULL)), 
	CONSTRAINT ck_payouts_second_person CHECK (approved_by IS NULL OR approved_by <> decided_by), 
	CONSTRAINT fk_payouts_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_payouts_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT fk_payouts_reverses_id FOREIGN KEY(reverses_id) REFERENCES payouts (id), 
	CONSTRAINT uq_payouts_number UNIQUE (number), 
	CONSTRAINT uq_payouts_request UNIQUE (request), 
	CONSTRAINT uq_payouts_reverses_id UNIQUE (reverses_id)
)
 STRICT

;
CREATE TABLE platform_actions (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	money INTEGER NOT NULL, 
	missed INTEGER NOT NULL, 
	due_at TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_platform_actions PRIMARY KEY (id), 
	CONSTRAINT fk_platform_actions_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE policies (
	id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	starts_on TEXT NOT NULL, 
	document TEXT NOT NULL, 
	text TEXT NOT NULL, 
	loaded_at TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	CONSTRAINT pk_policies PRIMARY KEY (id), 
	CONSTRAINT uq_policies_version UNIQUE (version)
)
 STRICT

;
CREATE TABLE products (
	sku TEXT NOT NULL, 
	name TEXT NOT NULL, 
	category TEXT NOT NULL, 
	cost INTEGER, 
	price INTEGER, 
	warranty_months INTEGER NOT NULL, sku_key TEXT GENERATED ALWAYS AS (upper(replace(sku, ' ', ''))), 
	CONSTRAINT pk_products PRIMARY KEY (sku)
)
 STRICT

;
CREATE TABLE reason_words (
	words TEXT NOT NULL, 
	code TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_reason_words PRIMARY KEY (words)
)
 STRICT

;
CREATE TABLE replacements (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	waybill TEXT NOT NULL, 
	carrier TEXT NOT NULL, 
	shipped_at TEXT, 
	CONSTRAINT pk_replacements PRIMARY KEY (id), 
	CONSTRAINT ck_replacements_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_replacements_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)
 STRICT

;
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	job TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	ended_at TEXT, 
	exit INTEGER, 
	counts TEXT NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE staff (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_staff PRIMARY KEY (id), 
	CONSTRAINT uq_staff_name UNIQUE (name)
)
 STRICT

;
INSERT INTO "staff" VALUES(1,'老板','owner','2026-11-09 04:00:00.000000');
CREATE TABLE stock_balances (
	id INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	bucket TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	CONSTRAINT pk_stock_balances PRIMARY KEY (id), 
	CONSTRAINT ck_stock_balances_not_below_zero CHECK (quantity >= 0), 
	CONSTRAINT uq_stock_balances_sku_bucket UNIQUE (sku, bucket)
)
 STRICT

;
CREATE TABLE stock_counts (
	id INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	bucket TEXT NOT NULL, 
	counted_at TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	CONSTRAINT pk_stock_counts PRIMARY KEY (id), 
	CONSTRAINT fk_stock_counts_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_stock_counts_sku_bucket_counted_at UNIQUE (sku, bucket, counted_at)
)
 STRICT

;
CREATE TABLE stock_moves (
	id INTEGER NOT NULL, 
	sku TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	parcel_id INTEGER, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_stock_moves PRIMARY KEY (id), 
	CONSTRAINT ck_stock_moves_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_stock_moves_parcel_id FOREIGN KEY(parcel_id) REFERENCES parcels (id)
)
 STRICT

;
CREATE TABLE waiting_lines (
	platform TEXT NOT NULL, 
	target TEXT NOT NULL, 
	line TEXT NOT NULL, 
	import_id INTEGER NOT NULL, 
	shop TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	sku TEXT, 
	title TEXT, 
	variant TEXT, 
	quantity INTEGER NOT NULL, 
	price INTEGER, 
	stated INTEGER, 
	line_status TEXT, line_state TEXT, line_refunded TEXT, refunded_there INTEGER, platform_share INTEGER, 
	CONSTRAINT pk_waiting_lines PRIMARY KEY (platform, target, line), 
	CONSTRAINT fk_waiting_lines_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
)
 STRICT

;
CREATE TABLE waiting_orders (
	platform TEXT NOT NULL, 
	target TEXT NOT NULL, 
	import_id INTEGER NOT NULL, 
	shop TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	status TEXT, 
	platform_status TEXT, 
	currency TEXT, 
	paid INTEGER, 
	freight INTEGER, 
	pieces INTEGER, 
	buyer TEXT, 
	receiver TEXT, 
	phone TEXT, 
	phone_tail TEXT, 
	address TEXT, 
	buyer_remark TEXT, 
	seller_remark TEXT, 
	waybill TEXT, 
	carrier TEXT, 
	ordered_at TEXT, 
	paid_at TEXT, 
	shipped_at TEXT, 
	signed_at TEXT, 
	signed_by TEXT, shipped INTEGER, refunded TEXT, refunded_there INTEGER, payment_number TEXT, 
	CONSTRAINT pk_waiting_orders PRIMARY KEY (platform, target), 
	CONSTRAINT fk_waiting_orders_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
)
 STRICT

;
CREATE TABLE waiting_rows (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	shop TEXT NOT NULL, 
	holds TEXT NOT NULL, 
	order_number TEXT NOT NULL, 
	line_number TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	payload TEXT NOT NULL, 
	CONSTRAINT pk_waiting_rows PRIMARY KEY (id), 
	CONSTRAINT fk_waiting_rows_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_waiting_rows_platform_holds_order_number_line_number UNIQUE (platform, holds, order_number, line_number)
)
 STRICT

;
CREATE TABLE waivers (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	because TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_waivers PRIMARY KEY (id), 
	CONSTRAINT fk_waivers_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_waivers_case_id_rule UNIQUE (case_id, rule)
)
 STRICT

;
CREATE INDEX ix_events_subject ON events (subject);
CREATE INDEX ix_orders_buyer ON orders (buyer);
CREATE INDEX ix_orders_phone_tail ON orders (phone_tail);
CREATE INDEX ix_orders_waybill ON orders (waybill);
CREATE INDEX ix_parcels_state ON parcels (state);
CREATE INDEX ix_cases_decision ON cases (decision);
CREATE INDEX ix_cases_filing ON cases (filing);
CREATE INDEX ix_cases_order_id ON cases (order_id);
CREATE INDEX ix_import_faults_import_id ON import_faults (import_id);
CREATE INDEX ix_import_questions_import_id ON import_questions (import_id);
CREATE INDEX ix_order_lines_sku ON order_lines (sku);
CREATE INDEX ix_parcel_counts_parcel_id ON parcel_counts (parcel_id);
CREATE INDEX ix_stock_moves_parcel_id ON stock_moves (parcel_id);
CREATE INDEX ix_stock_moves_sku ON stock_moves (sku);
CREATE INDEX ix_waiting_rows_import_id ON waiting_rows (import_id);
CREATE INDEX ix_waiting_rows_order_number ON waiting_rows (order_number);
CREATE INDEX ix_case_lines_case_id ON case_lines (case_id);
CREATE INDEX ix_case_lines_line_id ON case_lines (line_id);
CREATE INDEX ix_draws_case_id ON draws (case_id);
CREATE INDEX ix_draws_line_id ON draws (line_id);
CREATE INDEX ix_draws_order_id ON draws (order_id);
CREATE INDEX ix_evidence_case_id ON evidence (case_id);
CREATE INDEX ix_parcel_cases_case_id ON parcel_cases (case_id);
CREATE INDEX ix_parcel_cases_parcel_id ON parcel_cases (parcel_id);
CREATE INDEX ix_payouts_case_id ON payouts (case_id);
CREATE INDEX ix_payouts_order_id ON payouts (order_id);
CREATE INDEX ix_payouts_reverses_id ON payouts (reverses_id);
CREATE INDEX ix_payouts_state ON payouts (state);
CREATE INDEX ix_platform_actions_case_id ON platform_actions (case_id);
CREATE INDEX ix_platform_actions_state ON platform_actions (state);
CREATE INDEX ix_replacements_case_id ON replacements (case_id);
CREATE INDEX ix_replacements_waybill ON replacements (waybill);
CREATE INDEX ix_waivers_case_id ON waivers (case_id);
CREATE INDEX ix_payout_parts_line_id ON payout_parts (line_id);
CREATE INDEX ix_payout_parts_order_id ON payout_parts (order_id);
CREATE INDEX ix_payout_parts_payout_id ON payout_parts (payout_id);
CREATE TRIGGER draws_guard BEFORE INSERT ON draws BEGIN SELECT RAISE(ABORT, 'overdrawn: units') WHERE NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(units), 0) FROM draws WHERE line_id = NEW.line_id) + NEW.units NOT BETWEEN 0 AND (SELECT quantity FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: cash') WHERE NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id = NEW.line_id) + NEW.cash NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: freight') WHERE NEW.line_id IS NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id IS NULL AND order_id = NEW.order_id) + NEW.cash NOT BETWEEN 0 AND (SELECT freight FROM orders WHERE id = NEW.order_id); END;
CREATE TRIGGER payouts_guard BEFORE INSERT ON payouts BEGIN SELECT RAISE(ABORT, 'not approved') WHERE NEW.minor > 0 AND (SELECT decision FROM cases WHERE id = NEW.case_id) <> 'approved' AND NOT EXISTS (SELECT 1 FROM waivers WHERE case_id = NEW.case_id AND rule = 'approval'); END;
CREATE TRIGGER draws_no_update BEFORE UPDATE ON draws BEGIN SELECT RAISE(ABORT, 'draws are append-only'); END;
CREATE TRIGGER draws_no_delete BEFORE DELETE ON draws BEGIN SELECT RAISE(ABORT, 'draws are append-only'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER payout_parts_no_update BEFORE UPDATE ON payout_parts BEGIN SELECT RAISE(ABORT, 'payout_parts are append-only'); END;
CREATE TRIGGER payout_parts_no_delete BEFORE DELETE ON payout_parts BEGIN SELECT RAISE(ABORT, 'payout_parts are append-only'); END;
CREATE TRIGGER stock_moves_no_update BEFORE UPDATE ON stock_moves BEGIN SELECT RAISE(ABORT, 'stock_moves are append-only'); END;
CREATE TRIGGER stock_moves_no_delete BEFORE DELETE ON stock_moves BEGIN SELECT RAISE(ABORT, 'stock_moves are append-only'); END;
CREATE TRIGGER waivers_no_update BEFORE UPDATE ON waivers BEGIN SELECT RAISE(ABORT, 'waivers are append-only'); END;
CREATE TRIGGER waivers_no_delete BEFORE DELETE ON waivers BEGIN SELECT RAISE(ABORT, 'waivers are append-only'); END;
CREATE TRIGGER payouts_frozen BEFORE UPDATE ON payouts WHEN NEW.number IS NOT OLD.number OR NEW.request IS NOT OLD.request OR NEW.case_id IS NOT OLD.case_id OR NEW.order_id IS NOT OLD.order_id OR NEW.kind IS NOT OLD.kind OR NEW.method IS NOT OLD.method OR NEW.minor IS NOT OLD.minor OR NEW.currency IS NOT OLD.currency OR NEW.origin IS NOT OLD.origin OR NEW.decided_by IS NOT OLD.decided_by OR OLD.state IN ('failed', 'reversed') BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE INDEX ix_waiting_orders_import_id ON waiting_orders (import_id);
CREATE INDEX ix_waiting_lines_import_id ON waiting_lines (import_id);
CREATE INDEX ix_bills_at ON bills (at);
CREATE INDEX ix_bills_import_id ON bills (import_id);
CREATE INDEX ix_bills_order_number ON bills (order_number);
CREATE INDEX ix_bills_refund_number ON bills (refund_number);
CREATE INDEX ix_movements_import_id ON movements (import_id);
CREATE INDEX ix_movements_status ON movements (status);
CREATE INDEX ix_contacts_case_id ON contacts (case_id);
CREATE INDEX ix_extensions_case_id ON extensions (case_id);
CREATE INDEX ix_notes_case_id ON notes (case_id);
CREATE INDEX ix_escalations_case_id ON escalations (case_id);
CREATE INDEX ix_escalations_state ON escalations (state);
CREATE TRIGGER contacts_no_update BEFORE UPDATE ON contacts BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;
CREATE TRIGGER contacts_no_delete BEFORE DELETE ON contacts BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;
CREATE TRIGGER extensions_no_update BEFORE UPDATE ON extensions BEGIN SELECT RAISE(ABORT, 'extensions are append-only'); END;
CREATE TRIGGER extensions_no_delete BEFORE DELETE ON extensions BEGIN SELECT RAISE(ABORT, 'extensions are append-only'); END;
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE INDEX ix_offers_case_id ON offers (case_id);
CREATE INDEX ix_stock_counts_import_id ON stock_counts (import_id);
CREATE INDEX ix_orders_number_key ON orders (number_key);
CREATE INDEX ix_order_lines_number_key ON order_lines (number_key);
CREATE INDEX ix_cases_platform_key ON cases (platform_key);
CREATE INDEX ix_products_sku_key ON products (sku_key);
CREATE TRIGGER payout_parts_refunded_there BEFORE INSERT ON payout_parts BEGIN SELECT RAISE(ABORT, 'overdrawn: refunded there') WHERE NEW.minor > 0 AND NEW.purpose IN ('goods', 'freight') AND (SELECT o.origin FROM payouts o WHERE o.id = NEW.payout_id) = 'own' AND COALESCE((SELECT o.refunded_there FROM orders o WHERE o.id = NEW.order_id), 0) > (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state IN ('sent', 'unknown', 'confirmed', 'reversed') AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id) AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id) + NEW.minor + COALESCE((SELECT o.refunded_there FROM orders o WHERE o.id = NEW.order_id), 0) - (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state IN ('sent', 'unknown', 'confirmed', 'reversed') AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id) > (SELECT o.paid FROM orders o WHERE o.id = NEW.order_id); END;
CREATE INDEX ix_barcodes_sku ON barcodes (sku);
CREATE INDEX ix_inspections_case_line_id ON inspections (case_line_id);
CREATE INDEX ix_inspections_parcel_id ON inspections (parcel_id);
CREATE TRIGGER inspections_frozen BEFORE UPDATE ON inspections WHEN NEW.parcel_id IS NOT OLD.parcel_id OR NEW.sku IS NOT OLD.sku OR NEW.quantity IS NOT OLD.quantity OR NEW.grade IS NOT OLD.grade OR NEW.disposition IS NOT OLD.disposition OR OLD.case_line_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'inspections are append-only'); END;
CREATE TRIGGER inspections_no_delete BEFORE DELETE ON inspections BEGIN SELECT RAISE(ABORT, 'inspections are append-only'); END;
CREATE TRIGGER inspections_reverse BEFORE INSERT ON inspections BEGIN SELECT RAISE(ABORT, 'a reversal takes back one whole finding') WHERE NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inspections AS f WHERE f.id = NEW.reverses_id AND f.quantity = -NEW.quantity AND f.reverses_id IS NULL AND f.parcel_id = NEW.parcel_id AND f.sku = NEW.sku AND f.grade = NEW.grade AND f.disposition = NEW.disposition); END;
CREATE TRIGGER payout_parts_guard BEFORE INSERT ON payout_parts BEGIN SELECT RAISE(ABORT, 'overdrawn: line') WHERE NEW.purpose = 'goods' AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose = 'goods' AND p.line_id = NEW.line_id) + NEW.minor NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: freight') WHERE NEW.purpose = 'freight' AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose = 'freight' AND p.order_id = NEW.order_id) + NEW.minor NOT BETWEEN 0 AND (SELECT freight FROM orders WHERE id = NEW.order_id); SELECT RAISE(ABORT, 'overdrawn: order') WHERE NEW.purpose IN ('goods', 'freight') AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id) + NEW.minor > (SELECT paid FROM orders WHERE id = NEW.order_id); SELECT RAISE(ABORT, 'overdrawn: only a platform pays over') WHERE NEW.purpose = 'over' AND NEW.minor > 0 AND (SELECT origin FROM payouts WHERE id = NEW.payout_id) <> 'platform'; END;
CREATE UNIQUE INDEX ix_payouts_one_freight ON payouts (case_id) WHERE kind = 'freight' AND minor > 0 AND state NOT IN ('failed', 'reversed');
CREATE INDEX ix_orders_shop ON orders (platform, shop, ordered_at);
CREATE INDEX ix_orders_receiver ON orders (receiver) WHERE receiver <> '';
CREATE INDEX ix_orders_paid_at ON orders (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX ix_orders_undated ON orders (shipped_at, ordered_at) WHERE paid_at IS NULL;
CREATE INDEX ix_orders_underway ON orders (shipped_at) WHERE signed_at IS NULL AND waybill <> '';
CREATE INDEX ix_orders_net ON orders (platform) WHERE platform = 'taobao' AND refunded_there IS NULL;
CREATE INDEX ix_bad_reviews_order_id ON bad_reviews (order_id);
CREATE INDEX ix_bad_reviews_state ON bad_reviews (state);
CREATE TRIGGER bad_reviews_noted_insert AFTER INSERT ON bad_reviews BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bad_reviews', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER bad_reviews_noted_update AFTER UPDATE ON bad_reviews WHEN NEW."because" IS NOT OLD."because" OR NEW."by" IS NOT OLD."by" OR NEW."closed_at" IS NOT OLD."closed_at" OR NEW."contacted_at" IS NOT OLD."contacted_at" OR NEW."note" IS NOT OLD."note" OR NEW."opened_at" IS NOT OLD."opened_at" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bad_reviews', CAST(OLD."id" AS TEXT), json_object('because', OLD."because", 'by', OLD."by", 'closed_at', OLD."closed_at", 'contacted_at', OLD."contacted_at", 'note', OLD."note", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER bad_reviews_noted_delete AFTER DELETE ON bad_reviews BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bad_reviews', CAST(OLD."id" AS TEXT), json_object('because', OLD."because", 'by', OLD."by", 'closed_at', OLD."closed_at", 'contacted_at', OLD."contacted_at", 'note', OLD."note", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER cases_noted_insert AFTER INSERT ON cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER cases_noted_update AFTER UPDATE ON cases WHEN NEW."applied_at" IS NOT OLD."applied_at" OR NEW."asked" IS NOT OLD."asked" OR NEW."because" IS NOT OLD."because" OR NEW."buyer_words" IS NOT OLD."buyer_words" OR NEW."channel" IS NOT OLD."channel" OR NEW."decided_as" IS NOT OLD."decided_as" OR NEW."decided_at" IS NOT OLD."decided_at" OR NEW."decided_by" IS NOT OLD."decided_by" OR NEW."decision" IS NOT OLD."decision" OR NEW."detail" IS NOT OLD."detail" OR NEW."filing" IS NOT OLD."filing" OR NEW."finished_at" IS NOT OLD."finished_at" OR NEW."flag" IS NOT OLD."flag" OR NEW."freight_agreed" IS NOT OLD."freight_agreed" OR NEW."freight_due" IS NOT OLD."freight_due" OR NEW."kind" IS NOT OLD."kind" OR NEW."misused" IS NOT OLD."misused" OR NEW."note" IS NOT OLD."note" OR NEW."number" IS NOT OLD."number" OR NEW."opened" IS NOT OLD."opened" OR NEW."opened_at" IS NOT OLD."opened_at" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."owner" IS NOT OLD."owner" OR NEW."payment_number" IS NOT OLD."payment_number" OR NEW."platform" IS NOT OLD."platform" OR NEW."platform_amount" IS NOT OLD."platform_amount" OR NEW."platform_due_at" IS NOT OLD."platform_due_at" OR NEW."platform_estimated" IS NOT OLD."platform_estimated" OR NEW."platform_instant" IS NOT OLD."platform_instant" OR NEW."platform_kind" IS NOT OLD."platform_kind" OR NEW."platform_number" IS NOT OLD."platform_number" OR NEW."platform_refunded_by" IS NOT OLD."platform_refunded_by" OR NEW."platform_reviewed_by" IS NOT OLD."platform_reviewed_by" OR NEW."platform_seen_at" IS NOT OLD."platform_seen_at" OR NEW."platform_state" IS NOT OLD."platform_state" OR NEW."platform_status" IS NOT OLD."platform_status" OR NEW."platform_succeeded_at" IS NOT OLD."platform_succeeded_at" OR NEW."platform_way" IS NOT OLD."platform_way" OR NEW."policy" IS NOT OLD."policy" OR NEW."reason_set" IS NOT OLD."reason_set" OR NEW."reason_stated" IS NOT OLD."reason_stated" OR NEW."reason_verified" IS NOT OLD."reason_verified" OR NEW."tier" IS NOT OLD."tier" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(OLD."id" AS TEXT), json_object('applied_at', OLD."applied_at", 'asked', OLD."asked", 'because', OLD."because", 'buyer_words', OLD."buyer_words", 'channel', OLD."channel", 'decided_as', OLD."decided_as", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'decision', OLD."decision", 'detail', OLD."detail", 'filing', OLD."filing", 'finished_at', OLD."finished_at", 'flag', OLD."flag", 'freight_agreed', OLD."freight_agreed", 'freight_due', OLD."freight_due", 'kind', OLD."kind", 'misused', OLD."misused", 'note', OLD."note", 'number', OLD."number", 'opened', OLD."opened", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'owner', OLD."owner", 'payment_number', OLD."payment_number", 'platform', OLD."platform", 'platform_amount', OLD."platform_amount", 'platform_due_at', OLD."platform_due_at", 'platform_estimated', OLD."platform_estimated", 'platform_instant', OLD."platform_instant", 'platform_kind', OLD."platform_kind", 'platform_number', OLD."platform_number", 'platform_refunded_by', OLD."platform_refunded_by", 'platform_reviewed_by', OLD."platform_reviewed_by", 'platform_seen_at', OLD."platform_seen_at", 'platform_state', OLD."platform_state", 'platform_status', OLD."platform_status", 'platform_succeeded_at', OLD."platform_succeeded_at", 'platform_way', OLD."platform_way", 'policy', OLD."policy", 'reason_set', OLD."reason_set", 'reason_stated', OLD."reason_stated", 'reason_verified', OLD."reason_verified", 'tier', OLD."tier", 'version', OLD."version")); END;
CREATE TRIGGER cases_noted_delete AFTER DELETE ON cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(OLD."id" AS TEXT), json_object('applied_at', OLD."applied_at", 'asked', OLD."asked", 'because', OLD."because", 'buyer_words', OLD."buyer_words", 'channel', OLD."channel", 'decided_as', OLD."decided_as", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'decision', OLD."decision", 'detail', OLD."detail", 'filing', OLD."filing", 'finished_at', OLD."finished_at", 'flag', OLD."flag", 'freight_agreed', OLD."freight_agreed", 'freight_due', OLD."freight_due", 'kind', OLD."kind", 'misused', OLD."misused", 'note', OLD."note", 'number', OLD."number", 'opened', OLD."opened", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'owner', OLD."owner", 'payment_number', OLD."payment_number", 'platform', OLD."platform", 'platform_amount', OLD."platform_amount", 'platform_due_at', OLD."platform_due_at", 'platform_estimated', OLD."platform_estimated", 'platform_instant', OLD."platform_instant", 'platform_kind', OLD."platform_kind", 'platform_number', OLD."platform_number", 'platform_refunded_by', OLD."platform_refunded_by", 'platform_reviewed_by', OLD."platform_reviewed_by", 'platform_seen_at', OLD."platform_seen_at", 'platform_state', OLD."platform_state", 'platform_status', OLD."platform_status", 'platform_succeeded_at', OLD."platform_succeeded_at", 'platform_way', OLD."platform_way", 'policy', OLD."policy", 'reason_set', OLD."reason_set", 'reason_stated', OLD."reason_stated", 'reason_verified', OLD."reason_verified", 'tier', OLD."tier", 'version', OLD."version")); END;
CREATE TRIGGER case_lines_noted_insert AFTER INSERT ON case_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('case_lines', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER case_lines_noted_update AFTER UPDATE ON case_lines WHEN NEW."agreed" IS NOT OLD."agreed" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."due" IS NOT OLD."due" OR NEW."line_id" IS NOT OLD."line_id" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."want_sku" IS NOT OLD."want_sku" OR NEW."wanted" IS NOT OLD."wanted" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('case_lines', CAST(OLD."id" AS TEXT), json_object('agreed', OLD."agreed", 'case_id', OLD."case_id", 'due', OLD."due", 'line_id', OLD."line_id", 'quantity', OLD."quantity", 'want_sku', OLD."want_sku", 'wanted', OLD."wanted")); END;
CREATE TRIGGER case_lines_noted_delete AFTER DELETE ON case_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('case_lines', CAST(OLD."id" AS TEXT), json_object('agreed', OLD."agreed", 'case_id', OLD."case_id", 'due', OLD."due", 'line_id', OLD."line_id", 'quantity', OLD."quantity", 'want_sku', OLD."want_sku", 'wanted', OLD."wanted")); END;
CREATE TRIGGER contacts_noted_insert AFTER INSERT ON contacts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('contacts', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER contacts_noted_update AFTER UPDATE ON contacts WHEN NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."note" IS NOT OLD."note" OR NEW."result" IS NOT OLD."result" OR NEW."way" IS NOT OLD."way" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('contacts', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'note', OLD."note", 'result', OLD."result", 'way', OLD."way")); END;
CREATE TRIGGER contacts_noted_delete AFTER DELETE ON contacts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('contacts', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'note', OLD."note", 'result', OLD."result", 'way', OLD."way")); END;
CREATE TRIGGER draws_noted_insert AFTER INSERT ON draws BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('draws', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER draws_noted_update AFTER UPDATE ON draws WHEN NEW."at" IS NOT OLD."at" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."cash" IS NOT OLD."cash" OR NEW."line_id" IS NOT OLD."line_id" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."share" IS NOT OLD."share" OR NEW."units" IS NOT OLD."units" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('draws', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'case_id', OLD."case_id", 'cash', OLD."cash", 'line_id', OLD."line_id", 'order_id', OLD."order_id", 'share', OLD."share", 'units', OLD."units")); END;
CREATE TRIGGER draws_noted_delete AFTER DELETE ON draws BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('draws', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'case_id', OLD."case_id", 'cash', OLD."cash", 'line_id', OLD."line_id", 'order_id', OLD."order_id", 'share', OLD."share", 'units', OLD."units")); END;
CREATE TRIGGER escalations_noted_insert AFTER INSERT ON escalations BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('escalations', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER escalations_noted_update AFTER UPDATE ON escalations WHEN NEW."answered_at" IS NOT OLD."answered_at" OR NEW."authority" IS NOT OLD."authority" OR NEW."because" IS NOT OLD."because" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."closed_at" IS NOT OLD."closed_at" OR NEW."due_at" IS NOT OLD."due_at" OR NEW."estimated" IS NOT OLD."estimated" OR NEW."kind" IS NOT OLD."kind" OR NEW."note" IS NOT OLD."note" OR NEW."opened_at" IS NOT OLD."opened_at" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('escalations', CAST(OLD."id" AS TEXT), json_object('answered_at', OLD."answered_at", 'authority', OLD."authority", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'closed_at', OLD."closed_at", 'due_at', OLD."due_at", 'estimated', OLD."estimated", 'kind', OLD."kind", 'note', OLD."note", 'opened_at', OLD."opened_at", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER escalations_noted_delete AFTER DELETE ON escalations BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('escalations', CAST(OLD."id" AS TEXT), json_object('answered_at', OLD."answered_at", 'authority', OLD."authority", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'closed_at', OLD."closed_at", 'due_at', OLD."due_at", 'estimated', OLD."estimated", 'kind', OLD."kind", 'note', OLD."note", 'opened_at', OLD."opened_at", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER evidence_noted_insert AFTER INSERT ON evidence BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('evidence', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER evidence_noted_update AFTER UPDATE ON evidence WHEN NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."kind" IS NOT OLD."kind" OR NEW."name" IS NOT OLD."name" OR NEW."path" IS NOT OLD."path" OR NEW."sha256" IS NOT OLD."sha256" OR NEW."size" IS NOT OLD."size" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('evidence', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'kind', OLD."kind", 'name', OLD."name", 'path', OLD."path", 'sha256', OLD."sha256", 'size', OLD."size")); END;
CREATE TRIGGER evidence_noted_delete AFTER DELETE ON evidence BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('evidence', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'kind', OLD."kind", 'name', OLD."name", 'path', OLD."path", 'sha256', OLD."sha256", 'size', OLD."size")); END;
CREATE TRIGGER extensions_noted_insert AFTER INSERT ON extensions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('extensions', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER extensions_noted_update AFTER UPDATE ON extensions WHEN NEW."at" IS NOT OLD."at" OR NEW."because" IS NOT OLD."because" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."days" IS NOT OLD."days" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('extensions', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'days', OLD."days")); END;
CREATE TRIGGER extensions_noted_delete AFTER DELETE ON extensions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('extensions', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'days', OLD."days")); END;
CREATE TRIGGER import_questions_noted_insert AFTER INSERT ON import_questions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('import_questions', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER import_questions_noted_update AFTER UPDATE ON import_questions WHEN NEW."at" IS NOT OLD."at" OR NEW."field" IS NOT OLD."field" OR NEW."found" IS NOT OLD."found" OR NEW."import_id" IS NOT OLD."import_id" OR NEW."known" IS NOT OLD."known" OR NEW."row" IS NOT OLD."row" OR NEW."state" IS NOT OLD."state" OR NEW."subject" IS NOT OLD."subject" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('import_questions', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'field', OLD."field", 'found', OLD."found", 'import_id', OLD."import_id", 'known', OLD."known", 'row', OLD."row", 'state', OLD."state", 'subject', OLD."subject")); END;
CREATE TRIGGER import_questions_noted_delete AFTER DELETE ON import_questions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('import_questions', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'field', OLD."field", 'found', OLD."found", 'import_id', OLD."import_id", 'known', OLD."known", 'row', OLD."row", 'state', OLD."state", 'subject', OLD."subject")); END;
CREATE TRIGGER imports_noted_insert AFTER INSERT ON imports BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('imports', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER imports_noted_update AFTER UPDATE ON imports WHEN NEW."added" IS NOT OLD."added" OR NEW."by" IS NOT OLD."by" OR NEW."changed" IS NOT OLD."changed" OR NEW."done_at" IS NOT OLD."done_at" OR NEW."exported_at" IS NOT OLD."exported_at" OR NEW."format" IS NOT OLD."format" OR NEW."holds" IS NOT OLD."holds" OR NEW."mended" IS NOT OLD."mended" OR NEW."name" IS NOT OLD."name" OR NEW."platform" IS NOT OLD."platform" OR NEW."refused" IS NOT OLD."refused" OR NEW."rows" IS NOT OLD."rows" OR NEW."sha256" IS NOT OLD."sha256" OR NEW."shop" IS NOT OLD."shop" OR NEW."shops" IS NOT OLD."shops" OR NEW."started_at" IS NOT OLD."started_at" OR NEW."state" IS NOT OLD."state" OR NEW."unchanged" IS NOT OLD."unchanged" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('imports', CAST(OLD."id" AS TEXT), json_object('added', OLD."added", 'by', OLD."by", 'changed', OLD."changed", 'done_at', OLD."done_at", 'exported_at', OLD."exported_at", 'format', OLD."format", 'holds', OLD."holds", 'mended', OLD."mended", 'name', OLD."name", 'platform', OLD."platform", 'refused', OLD."refused", 'rows', OLD."rows", 'sha256', OLD."sha256", 'shop', OLD."shop", 'shops', OLD."shops", 'started_at', OLD."started_at", 'state', OLD."state", 'unchanged', OLD."unchanged")); END;
CREATE TRIGGER imports_noted_delete AFTER DELETE ON imports BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('imports', CAST(OLD."id" AS TEXT), json_object('added', OLD."added", 'by', OLD."by", 'changed', OLD."changed", 'done_at', OLD."done_at", 'exported_at', OLD."exported_at", 'format', OLD."format", 'holds', OLD."holds", 'mended', OLD."mended", 'name', OLD."name", 'platform', OLD."platform", 'refused', OLD."refused", 'rows', OLD."rows", 'sha256', OLD."sha256", 'shop', OLD."shop", 'shops', OLD."shops", 'started_at', OLD."started_at", 'state', OLD."state", 'unchanged', OLD."unchanged")); END;
CREATE TRIGGER inspections_noted_insert AFTER INSERT ON inspections BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('inspections', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER inspections_noted_update AFTER UPDATE ON inspections WHEN NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."case_line_id" IS NOT OLD."case_line_id" OR NEW."disposition" IS NOT OLD."disposition" OR NEW."grade" IS NOT OLD."grade" OR NEW."parcel_id" IS NOT OLD."parcel_id" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."reverses_id" IS NOT OLD."reverses_id" OR NEW."sku" IS NOT OLD."sku" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('inspections', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_line_id', OLD."case_line_id", 'disposition', OLD."disposition", 'grade', OLD."grade", 'parcel_id', OLD."parcel_id", 'quantity', OLD."quantity", 'reverses_id', OLD."reverses_id", 'sku', OLD."sku")); END;
CREATE TRIGGER inspections_noted_delete AFTER DELETE ON inspections BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('inspections', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'case_line_id', OLD."case_line_id", 'disposition', OLD."disposition", 'grade', OLD."grade", 'parcel_id', OLD."parcel_id", 'quantity', OLD."quantity", 'reverses_id', OLD."reverses_id", 'sku', OLD."sku")); END;
CREATE TRIGGER notes_noted_insert AFTER INSERT ON notes BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('notes', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER notes_noted_update AFTER UPDATE ON notes WHEN NEW."amount" IS NOT OLD."amount" OR NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."flag" IS NOT OLD."flag" OR NEW."sku" IS NOT OLD."sku" OR NEW."text" IS NOT OLD."text" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('notes', CAST(OLD."id" AS TEXT), json_object('amount', OLD."amount", 'at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'flag', OLD."flag", 'sku', OLD."sku", 'text', OLD."text")); END;
CREATE TRIGGER notes_noted_delete AFTER DELETE ON notes BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('notes', CAST(OLD."id" AS TEXT), json_object('amount', OLD."amount", 'at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'flag', OLD."flag", 'sku', OLD."sku", 'text', OLD."text")); END;
CREATE TRIGGER offers_noted_insert AFTER INSERT ON offers BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('offers', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER offers_noted_update AFTER UPDATE ON offers WHEN NEW."amount" IS NOT OLD."amount" OR NEW."answered_at" IS NOT OLD."answered_at" OR NEW."answered_by" IS NOT OLD."answered_by" OR NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."due" IS NOT OLD."due" OR NEW."note" IS NOT OLD."note" OR NEW."rung" IS NOT OLD."rung" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('offers', CAST(OLD."id" AS TEXT), json_object('amount', OLD."amount", 'answered_at', OLD."answered_at", 'answered_by', OLD."answered_by", 'at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'due', OLD."due", 'note', OLD."note", 'rung', OLD."rung", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER offers_noted_delete AFTER DELETE ON offers BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('offers', CAST(OLD."id" AS TEXT), json_object('amount', OLD."amount", 'answered_at', OLD."answered_at", 'answered_by', OLD."answered_by", 'at', OLD."at", 'by', OLD."by", 'case_id', OLD."case_id", 'due', OLD."due", 'note', OLD."note", 'rung', OLD."rung", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER parcel_cases_noted_insert AFTER INSERT ON parcel_cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_cases', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER parcel_cases_noted_update AFTER UPDATE ON parcel_cases WHEN NEW."case_id" IS NOT OLD."case_id" OR NEW."parcel_id" IS NOT OLD."parcel_id" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_cases', CAST(OLD."id" AS TEXT), json_object('case_id', OLD."case_id", 'parcel_id', OLD."parcel_id")); END;
CREATE TRIGGER parcel_cases_noted_delete AFTER DELETE ON parcel_cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_cases', CAST(OLD."id" AS TEXT), json_object('case_id', OLD."case_id", 'parcel_id', OLD."parcel_id")); END;
CREATE TRIGGER parcel_counts_noted_insert AFTER INSERT ON parcel_counts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_counts', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER parcel_counts_noted_update AFTER UPDATE ON parcel_counts WHEN NEW."counted" IS NOT OLD."counted" OR NEW."inspected" IS NOT OLD."inspected" OR NEW."parcel_id" IS NOT OLD."parcel_id" OR NEW."sku" IS NOT OLD."sku" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_counts', CAST(OLD."id" AS TEXT), json_object('counted', OLD."counted", 'inspected', OLD."inspected", 'parcel_id', OLD."parcel_id", 'sku', OLD."sku")); END;
CREATE TRIGGER parcel_counts_noted_delete AFTER DELETE ON parcel_counts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcel_counts', CAST(OLD."id" AS TEXT), json_object('counted', OLD."counted", 'inspected', OLD."inspected", 'parcel_id', OLD."parcel_id", 'sku', OLD."sku")); END;
CREATE TRIGGER parcels_noted_insert AFTER INSERT ON parcels BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcels', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER parcels_noted_update AFTER UPDATE ON parcels WHEN NEW."carrier" IS NOT OLD."carrier" OR NEW."number" IS NOT OLD."number" OR NEW."received_at" IS NOT OLD."received_at" OR NEW."received_by" IS NOT OLD."received_by" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" OR NEW."waybill" IS NOT OLD."waybill" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcels', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'number', OLD."number", 'received_at', OLD."received_at", 'received_by', OLD."received_by", 'state', OLD."state", 'version', OLD."version", 'waybill', OLD."waybill")); END;
CREATE TRIGGER parcels_noted_delete AFTER DELETE ON parcels BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('parcels', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'number', OLD."number", 'received_at', OLD."received_at", 'received_by', OLD."received_by", 'state', OLD."state", 'version', OLD."version", 'waybill', OLD."waybill")); END;
CREATE TRIGGER payout_parts_noted_insert AFTER INSERT ON payout_parts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payout_parts', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER payout_parts_noted_update AFTER UPDATE ON payout_parts WHEN NEW."line_id" IS NOT OLD."line_id" OR NEW."minor" IS NOT OLD."minor" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."payout_id" IS NOT OLD."payout_id" OR NEW."purpose" IS NOT OLD."purpose" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payout_parts', CAST(OLD."id" AS TEXT), json_object('line_id', OLD."line_id", 'minor', OLD."minor", 'order_id', OLD."order_id", 'payout_id', OLD."payout_id", 'purpose', OLD."purpose")); END;
CREATE TRIGGER payout_parts_noted_delete AFTER DELETE ON payout_parts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payout_parts', CAST(OLD."id" AS TEXT), json_object('line_id', OLD."line_id", 'minor', OLD."minor", 'order_id', OLD."order_id", 'payout_id', OLD."payout_id", 'purpose', OLD."purpose")); END;
CREATE TRIGGER payouts_noted_insert AFTER INSERT ON payouts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payouts', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER payouts_noted_update AFTER UPDATE ON payouts WHEN NEW."approved_by" IS NOT OLD."approved_by" OR NEW."because" IS NOT OLD."because" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."currency" IS NOT OLD."currency" OR NEW."decided_at" IS NOT OLD."decided_at" OR NEW."decided_by" IS NOT OLD."decided_by" OR NEW."kind" IS NOT OLD."kind" OR NEW."method" IS NOT OLD."method" OR NEW."minor" IS NOT OLD."minor" OR NEW."number" IS NOT OLD."number" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."origin" IS NOT OLD."origin" OR NEW."payee" IS NOT OLD."payee" OR NEW."request" IS NOT OLD."request" OR NEW."reverses_id" IS NOT OLD."reverses_id" OR NEW."settled_at" IS NOT OLD."settled_at" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payouts', CAST(OLD."id" AS TEXT), json_object('approved_by', OLD."approved_by", 'because', OLD."because", 'case_id', OLD."case_id", 'currency', OLD."currency", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'kind', OLD."kind", 'method', OLD."method", 'minor', OLD."minor", 'number', OLD."number", 'order_id', OLD."order_id", 'origin', OLD."origin", 'payee', OLD."payee", 'request', OLD."request", 'reverses_id', OLD."reverses_id", 'settled_at', OLD."settled_at", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER payouts_noted_delete AFTER DELETE ON payouts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('payouts', CAST(OLD."id" AS TEXT), json_object('approved_by', OLD."approved_by", 'because', OLD."because", 'case_id', OLD."case_id", 'currency', OLD."currency", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'kind', OLD."kind", 'method', OLD."method", 'minor', OLD."minor", 'number', OLD."number", 'order_id', OLD."order_id", 'origin', OLD."origin", 'payee', OLD."payee", 'request', OLD."request", 'reverses_id', OLD."reverses_id", 'settled_at', OLD."settled_at", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER platform_actions_noted_insert AFTER INSERT ON platform_actions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('platform_actions', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER platform_actions_noted_update AFTER UPDATE ON platform_actions WHEN NEW."action" IS NOT OLD."action" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."created_at" IS NOT OLD."created_at" OR NEW."due_at" IS NOT OLD."due_at" OR NEW."missed" IS NOT OLD."missed" OR NEW."money" IS NOT OLD."money" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('platform_actions', CAST(OLD."id" AS TEXT), json_object('action', OLD."action", 'case_id', OLD."case_id", 'created_at', OLD."created_at", 'due_at', OLD."due_at", 'missed', OLD."missed", 'money', OLD."money", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER platform_actions_noted_delete AFTER DELETE ON platform_actions BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('platform_actions', CAST(OLD."id" AS TEXT), json_object('action', OLD."action", 'case_id', OLD."case_id", 'created_at', OLD."created_at", 'due_at', OLD."due_at", 'missed', OLD."missed", 'money', OLD."money", 'state', OLD."state", 'version', OLD."version")); END;
CREATE TRIGGER policies_noted_insert AFTER INSERT ON policies BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('policies', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER policies_noted_update AFTER UPDATE ON policies WHEN NEW."by" IS NOT OLD."by" OR NEW."document" IS NOT OLD."document" OR NEW."loaded_at" IS NOT OLD."loaded_at" OR NEW."starts_on" IS NOT OLD."starts_on" OR NEW."text" IS NOT OLD."text" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('policies', CAST(OLD."id" AS TEXT), json_object('by', OLD."by", 'document', OLD."document", 'loaded_at', OLD."loaded_at", 'starts_on', OLD."starts_on", 'text', OLD."text", 'version', OLD."version")); END;
CREATE TRIGGER policies_noted_delete AFTER DELETE ON policies BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('policies', CAST(OLD."id" AS TEXT), json_object('by', OLD."by", 'document', OLD."document", 'loaded_at', OLD."loaded_at", 'starts_on', OLD."starts_on", 'text', OLD."text", 'version', OLD."version")); END;
CREATE TRIGGER reason_words_noted_insert AFTER INSERT ON reason_words BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('reason_words', CAST(NEW."words" AS TEXT), NULL); END;
CREATE TRIGGER reason_words_noted_update AFTER UPDATE ON reason_words WHEN NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."code" IS NOT OLD."code" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('reason_words', CAST(OLD."words" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'code', OLD."code")); END;
CREATE TRIGGER reason_words_noted_delete AFTER DELETE ON reason_words BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('reason_words', CAST(OLD."words" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'code', OLD."code")); END;
CREATE TRIGGER replacements_noted_insert AFTER INSERT ON replacements BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('replacements', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER replacements_noted_update AFTER UPDATE ON replacements WHEN NEW."carrier" IS NOT OLD."carrier" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."shipped_at" IS NOT OLD."shipped_at" OR NEW."sku" IS NOT OLD."sku" OR NEW."state" IS NOT OLD."state" OR NEW."version" IS NOT OLD."version" OR NEW."waybill" IS NOT OLD."waybill" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('replacements', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'case_id', OLD."case_id", 'quantity', OLD."quantity", 'shipped_at', OLD."shipped_at", 'sku', OLD."sku", 'state', OLD."state", 'version', OLD."version", 'waybill', OLD."waybill")); END;
CREATE TRIGGER replacements_noted_delete AFTER DELETE ON replacements BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('replacements', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'case_id', OLD."case_id", 'quantity', OLD."quantity", 'shipped_at', OLD."shipped_at", 'sku', OLD."sku", 'state', OLD."state", 'version', OLD."version", 'waybill', OLD."waybill")); END;
CREATE TRIGGER staff_noted_insert AFTER INSERT ON staff BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('staff', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER staff_noted_update AFTER UPDATE ON staff WHEN NEW."created_at" IS NOT OLD."created_at" OR NEW."name" IS NOT OLD."name" OR NEW."role" IS NOT OLD."role" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('staff', CAST(OLD."id" AS TEXT), json_object('created_at', OLD."created_at", 'name', OLD."name", 'role', OLD."role")); END;
CREATE TRIGGER staff_noted_delete AFTER DELETE ON staff BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('staff', CAST(OLD."id" AS TEXT), json_object('created_at', OLD."created_at", 'name', OLD."name", 'role', OLD."role")); END;
CREATE TRIGGER stock_counts_noted_insert AFTER INSERT ON stock_counts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_counts', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER stock_counts_noted_update AFTER UPDATE ON stock_counts WHEN NEW."bucket" IS NOT OLD."bucket" OR NEW."counted_at" IS NOT OLD."counted_at" OR NEW."import_id" IS NOT OLD."import_id" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."row" IS NOT OLD."row" OR NEW."sku" IS NOT OLD."sku" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_counts', CAST(OLD."id" AS TEXT), json_object('bucket', OLD."bucket", 'counted_at', OLD."counted_at", 'import_id', OLD."import_id", 'quantity', OLD."quantity", 'row', OLD."row", 'sku', OLD."sku")); END;
CREATE TRIGGER stock_counts_noted_delete AFTER DELETE ON stock_counts BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_counts', CAST(OLD."id" AS TEXT), json_object('bucket', OLD."bucket", 'counted_at', OLD."counted_at", 'import_id', OLD."import_id", 'quantity', OLD."quantity", 'row', OLD."row", 'sku', OLD."sku")); END;
CREATE TRIGGER stock_moves_noted_insert AFTER INSERT ON stock_moves BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_moves', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER stock_moves_noted_update AFTER UPDATE ON stock_moves WHEN NEW."at" IS NOT OLD."at" OR NEW."by" IS NOT OLD."by" OR NEW."parcel_id" IS NOT OLD."parcel_id" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."sku" IS NOT OLD."sku" OR NEW."source" IS NOT OLD."source" OR NEW."target" IS NOT OLD."target" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_moves', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'parcel_id', OLD."parcel_id", 'quantity', OLD."quantity", 'sku', OLD."sku", 'source', OLD."source", 'target', OLD."target")); END;
CREATE TRIGGER stock_moves_noted_delete AFTER DELETE ON stock_moves BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('stock_moves', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'by', OLD."by", 'parcel_id', OLD."parcel_id", 'quantity', OLD."quantity", 'sku', OLD."sku", 'source', OLD."source", 'target', OLD."target")); END;
CREATE TRIGGER waivers_noted_insert AFTER INSERT ON waivers BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('waivers', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER waivers_noted_update AFTER UPDATE ON waivers WHEN NEW."at" IS NOT OLD."at" OR NEW."because" IS NOT OLD."because" OR NEW."by" IS NOT OLD."by" OR NEW."case_id" IS NOT OLD."case_id" OR NEW."rule" IS NOT OLD."rule" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('waivers', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'rule', OLD."rule")); END;
CREATE TRIGGER waivers_noted_delete AFTER DELETE ON waivers BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('waivers', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'because', OLD."because", 'by', OLD."by", 'case_id', OLD."case_id", 'rule', OLD."rule")); END;
CREATE TRIGGER barcodes_noted_insert AFTER INSERT ON barcodes BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('barcodes', CAST(NEW."code" AS TEXT) || '/' || CAST(NEW."sku" AS TEXT), NULL); END;
CREATE TRIGGER barcodes_noted_update AFTER UPDATE ON barcodes WHEN NEW."pieces" IS NOT OLD."pieces" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('barcodes', CAST(OLD."code" AS TEXT) || '/' || CAST(OLD."sku" AS TEXT), json_object('pieces', OLD."pieces")); END;
CREATE TRIGGER barcodes_noted_delete AFTER DELETE ON barcodes BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('barcodes', CAST(OLD."code" AS TEXT) || '/' || CAST(OLD."sku" AS TEXT), json_object('pieces', OLD."pieces")); END;
CREATE TRIGGER bills_noted_insert AFTER INSERT ON bills BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER bills_noted_update AFTER UPDATE ON bills WHEN NEW."balance" IS NOT OLD."balance" OR NEW."category" IS NOT OLD."category" OR NEW."currency" IS NOT OLD."currency" OR NEW."fee" IS NOT OLD."fee" OR NEW."minor" IS NOT OLD."minor" OR NEW."order_number" IS NOT OLD."order_number" OR NEW."refund_number" IS NOT OLD."refund_number" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(OLD."id" AS TEXT), json_object('balance', OLD."balance", 'category', OLD."category", 'currency', OLD."currency", 'fee', OLD."fee", 'minor', OLD."minor", 'order_number', OLD."order_number", 'refund_number', OLD."refund_number")); END;
CREATE TRIGGER bills_noted_delete AFTER DELETE ON bills BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(OLD."id" AS TEXT), json_object('balance', OLD."balance", 'category', OLD."category", 'currency', OLD."currency", 'fee', OLD."fee", 'minor', OLD."minor", 'order_number', OLD."order_number", 'refund_number', OLD."refund_number")); END;
CREATE TRIGGER order_lines_noted_insert AFTER INSERT ON order_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER order_lines_noted_update AFTER UPDATE ON order_lines WHEN NEW."cash" IS NOT OLD."cash" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."platform_share" IS NOT OLD."platform_share" OR NEW."price" IS NOT OLD."price" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."refunded_there" IS NOT OLD."refunded_there" OR NEW."sku" IS NOT OLD."sku" OR NEW."stated" IS NOT OLD."stated" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(OLD."id" AS TEXT), json_object('cash', OLD."cash", 'order_id', OLD."order_id", 'platform_share', OLD."platform_share", 'price', OLD."price", 'quantity', OLD."quantity", 'refunded_there', OLD."refunded_there", 'sku', OLD."sku", 'stated', OLD."stated")); END;
CREATE TRIGGER order_lines_noted_delete AFTER DELETE ON order_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(OLD."id" AS TEXT), json_object('cash', OLD."cash", 'order_id', OLD."order_id", 'platform_share', OLD."platform_share", 'price', OLD."price", 'quantity', OLD."quantity", 'refunded_there', OLD."refunded_there", 'sku', OLD."sku", 'stated', OLD."stated")); END;
CREATE TRIGGER orders_noted_insert AFTER INSERT ON orders BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER orders_noted_update AFTER UPDATE ON orders WHEN NEW."currency" IS NOT OLD."currency" OR NEW."freight" IS NOT OLD."freight" OR NEW."number" IS NOT OLD."number" OR NEW."paid" IS NOT OLD."paid" OR NEW."refunded_there" IS NOT OLD."refunded_there" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(OLD."id" AS TEXT), json_object('currency', OLD."currency", 'freight', OLD."freight", 'number', OLD."number", 'paid', OLD."paid", 'refunded_there', OLD."refunded_there")); END;
CREATE TRIGGER orders_noted_delete AFTER DELETE ON orders BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(OLD."id" AS TEXT), json_object('currency', OLD."currency", 'freight', OLD."freight", 'number', OLD."number", 'paid', OLD."paid", 'refunded_there', OLD."refunded_there")); END;
CREATE TRIGGER products_noted_insert AFTER INSERT ON products BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(NEW."sku" AS TEXT), NULL); END;
CREATE TRIGGER products_noted_update AFTER UPDATE ON products WHEN NEW."category" IS NOT OLD."category" OR NEW."cost" IS NOT OLD."cost" OR NEW."price" IS NOT OLD."price" OR NEW."warranty_months" IS NOT OLD."warranty_months" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(OLD."sku" AS TEXT), json_object('category', OLD."category", 'cost', OLD."cost", 'price', OLD."price", 'warranty_months', OLD."warranty_months")); END;
CREATE TRIGGER products_noted_delete AFTER DELETE ON products BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(OLD."sku" AS TEXT), json_object('category', OLD."category", 'cost', OLD."cost", 'price', OLD."price", 'warranty_months', OLD."warranty_months")); END;
COMMIT;
