-- Books of schema 0011, as the program of that time wrote them from fixtures/exports/taobao/refunded:
-- the files of the night before the refund, those of the night after, and the refund report.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num TEXT NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0011');
CREATE TABLE anchors (
	id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_anchors PRIMARY KEY (id), 
	CONSTRAINT ck_anchors_single CHECK (id = 1)
)
 STRICT

;
INSERT INTO "anchors" VALUES(1,18,'270d3e8f38952d7d445d1f0feca77a630d8d5d116ff114e6439f11a669f5fa8c');
CREATE TABLE barcodes (
	code TEXT NOT NULL, 
	sku TEXT NOT NULL, 
	CONSTRAINT pk_barcodes PRIMARY KEY (code), 
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
	due INTEGER NOT NULL, 
	CONSTRAINT pk_case_lines PRIMARY KEY (id), 
	CONSTRAINT ck_case_lines_amounts CHECK (quantity >= 0 AND due >= 0), 
	CONSTRAINT fk_case_lines_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_case_lines_line_id FOREIGN KEY(line_id) REFERENCES order_lines (id), 
	CONSTRAINT uq_case_lines_case_id_line_id UNIQUE (case_id, line_id)
)
 STRICT

;
INSERT INTO "case_lines" VALUES(1,1,1,1,11900);
INSERT INTO "case_lines" VALUES(2,2,2,0,20869);
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
	want_sku TEXT NOT NULL, 
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
	platform_succeeded_at TEXT, opened INTEGER, misused INTEGER, tier TEXT, detail TEXT, flag TEXT, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT fk_cases_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_cases_number UNIQUE (number), 
	CONSTRAINT uq_cases_platform_platform_number UNIQUE (platform, platform_number)
)
 STRICT

;
INSERT INTO "cases" VALUES(1,'RC20260307-0001',1,'taobao','refund-only','approved','finished',3,'Q_FUNC','','','质量问题','platform','','','',11900,0,'2026-03-06 01:00:00.000000','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','platform','default-1','900000000000000001','退款成功',11900,NULL,'2026-03-06 04:00:00.000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "cases" VALUES(2,'RC20260307-0002',2,'taobao','allowance','approved','finished',3,'Q_FUNC','','','质量问题','platform','','','',20869,0,'2026-03-06 01:00:00.000000','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','platform','default-1','900000000000000002','退款成功',20869,NULL,'2026-03-06 04:00:00.000000',NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "counters" VALUES('RC20260307',2);
INSERT INTO "counters" VALUES('PO20260307',2);
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
INSERT INTO "draws" VALUES(1,1,1,1,1,0,0,'2026-03-07 02:00:00.000000');
INSERT INTO "draws" VALUES(2,1,1,1,0,11900,11900,'2026-03-07 02:00:00.000000');
INSERT INTO "draws" VALUES(3,2,2,2,0,0,20869,'2026-03-07 02:00:00.000000');
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
INSERT INTO "events" VALUES(1,'2026-03-07T02:00:00+00:00','o','books','found','{}',1,'29d026c39d68543924bf26636ad57abca9e46d3468065690282ce46f66aa9139');
INSERT INTO "events" VALUES(2,'2026-03-07T02:00:00+00:00','o','import/1','import','{"added":2,"changed":0,"format":"taobao.order","refused":0,"rows":2,"sha256":"8d2f7ebe92a878f3be47d803d535030a7e730e94141d48b681dae306d2f07ccc","unchanged":0}',1,'f6ca51b4daa5a6ff50f207730c204fbdc22bc34b49a5ac207c754420a55d61aa');
INSERT INTO "events" VALUES(3,'2026-03-07T02:00:00+00:00','o','import/2','import','{"added":2,"changed":0,"format":"taobao.item","refused":0,"rows":2,"sha256":"7f71aad1df38db8b3217e528abb50abd37cea13fa39497c9e4404dae0996610e","unchanged":0}',1,'5a41f6cd178f71032ff8637b535e41547d67207f89b3e2826ad93ed4662b10ed');
INSERT INTO "events" VALUES(4,'2026-03-07T02:00:00+00:00','o','import/3','import','{"added":0,"changed":2,"format":"taobao.order","refused":0,"rows":2,"sha256":"aa76e4fdaa475262ae7c6bc068fc64772b658aed7fff0ffb9ac275e278d92547","unchanged":0}',1,'0728bfb32f36e174bf6c0f4f4733e2027dbe6ed64e27c0f4c1ad1aac18b62586');
INSERT INTO "events" VALUES(5,'2026-03-07T02:00:00+00:00','o','import/4','import','{"added":0,"changed":1,"format":"taobao.item","refused":0,"rows":2,"sha256":"fd9a250c3fcc746b214971b8450d34c30134eb754b232fa6a06ae5f1e1a52ce6","unchanged":1}',1,'b3981b5234e6264f4d6e544050d4aa5dbdf5456f533e083b0d55daf637ba8f8e');
INSERT INTO "events" VALUES(6,'2026-03-07T02:00:00+00:00','o','RC20260307-0001','open','{"axis":"decision","kind":"refund-only","now":"requested","order":"4100000000000000001","reason":"Q_FUNC","was":""}',1,'6c771b1ae2185e9c6f02f9c4d54a9c7b141744ed75b70163a3e306fa362e6151');
INSERT INTO "events" VALUES(7,'2026-03-07T02:00:00+00:00','o','RC20260307-0001','approve','{"axis":"decision","now":"approved","was":"requested"}',1,'ea791437f88d2e1e183eac8eb0a138dcc87e2f637ac28df3d58254ea1fbdcf17');
INSERT INTO "events" VALUES(8,'2026-03-07T02:00:00+00:00','o','RC20260307-0001/agree_refund','open','{"axis":"platform_action","now":"todo","was":""}',1,'4b979deb9b560b9c9d4620e45144207842d77d8192541f803a16c88e7614ed37');
INSERT INTO "events" VALUES(9,'2026-03-07T02:00:00+00:00','o','RC20260307-0001/agree_refund','verify','{"axis":"platform_action","now":"verified","was":"todo"}',1,'e9ab548322904b03fe3192bbff2257a559e1043d7c1ff178b1be36144161b17c');
INSERT INTO "events" VALUES(10,'2026-03-07T02:00:00+00:00','o','PO20260307-0001','open','{"axis":"payout","case":"RC20260307-0001","kind":"refund","minor":11900,"now":"confirmed","role":"owner","was":""}',1,'d73d8d9efb1114de441ffc9ad658c05eacc71c3d49f1d0ae01ea89dbd0005cb8');
INSERT INTO "events" VALUES(11,'2026-03-07T02:00:00+00:00','o','RC20260307-0001','finish','{"axis":"filing","now":"finished","was":"open"}',1,'b2ae67450f6fcb4ffdab9f487a3aae010587ad7b0eaafaecfaf4cd6cdad13a3c');
INSERT INTO "events" VALUES(12,'2026-03-07T02:00:00+00:00','o','RC20260307-0002','open','{"axis":"decision","kind":"allowance","now":"requested","order":"4100000000000000002","reason":"Q_FUNC","was":""}',1,'9e0c8cb9f59420d31894eabe9900f61745d8d769c8fcf3f1d86f6483692011d5');
INSERT INTO "events" VALUES(13,'2026-03-07T02:00:00+00:00','o','RC20260307-0002','approve','{"axis":"decision","now":"approved","was":"requested"}',1,'25ac26064e800ec5c87a14a6a05c2933abb2b5928d3db62d46ab0a32f62930ec');
INSERT INTO "events" VALUES(14,'2026-03-07T02:00:00+00:00','o','RC20260307-0002/agree_refund','open','{"axis":"platform_action","now":"todo","was":""}',1,'f3d2e6fb86bb862cf555208558aef37202c3592eb8e1be8693bb38657f222d89');
INSERT INTO "events" VALUES(15,'2026-03-07T02:00:00+00:00','o','RC20260307-0002/agree_refund','verify','{"axis":"platform_action","now":"verified","was":"todo"}',1,'3e8c70413d93f84e3fcf5273c7b8ad4d159af49d3f81dae467ca25845a5ebbda');
INSERT INTO "events" VALUES(16,'2026-03-07T02:00:00+00:00','o','PO20260307-0002','open','{"axis":"payout","case":"RC20260307-0002","kind":"refund","minor":20869,"now":"confirmed","role":"owner","was":""}',1,'4faf30de123809bb7047fb3e5816a83bdfa0666236463e339679b7fd683efc00');
INSERT INTO "events" VALUES(17,'2026-03-07T02:00:00+00:00','o','RC20260307-0002','finish','{"axis":"filing","now":"finished","was":"open"}',1,'81095f26b0e5820c08c4d69396e96ebb3da176ef7c76f2d618ecb2243678bd1f');
INSERT INTO "events" VALUES(18,'2026-03-07T02:00:00+00:00','o','import/5','import','{"added":2,"changed":0,"format":"taobao.refund","refused":0,"rows":2,"sha256":"8527b7bd9ff7984398fd631f9b21699937e7f5effcbda4c2ec840b35b05d9e17","unchanged":0}',1,'270d3e8f38952d7d445d1f0feca77a630d8d5d116ff114e6439f11a669f5fa8c');
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
INSERT INTO "import_questions" VALUES(1,3,2,'4100000000000000001','paid','119.00','0.00','open','2026-03-07 02:00:00.000000');
INSERT INTO "import_questions" VALUES(2,3,3,'4100000000000000002','paid','234.00','25.31','open','2026-03-07 02:00:00.000000');
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
	"by" TEXT NOT NULL, header TEXT, shops TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT uq_imports_sha256_shop UNIQUE (sha256, shop)
)
 STRICT

;
INSERT INTO "imports" VALUES(1,'8d2f7ebe92a878f3be47d803d535030a7e730e94141d48b681dae306d2f07ccc','order_before.csv','taobao.order','orders','taobao','','done','4100000000000000002',2,2,0,0,0,'2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','o',NULL,'[]');
INSERT INTO "imports" VALUES(2,'7f71aad1df38db8b3217e528abb50abd37cea13fa39497c9e4404dae0996610e','item_before.csv','taobao.item','items','taobao','','done','4100000000000000002',2,2,0,0,0,'2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','o',NULL,'[]');
INSERT INTO "imports" VALUES(3,'aa76e4fdaa475262ae7c6bc068fc64772b658aed7fff0ffb9ac275e278d92547','order_after.csv','taobao.order','orders','taobao','','done','4100000000000000002',2,0,2,0,0,'2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','o',NULL,'[]');
INSERT INTO "imports" VALUES(4,'fd9a250c3fcc746b214971b8450d34c30134eb754b232fa6a06ae5f1e1a52ce6','item_after.csv','taobao.item','items','taobao','','done','4100000000000000002',2,0,1,1,0,'2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','o',NULL,'[]');
INSERT INTO "imports" VALUES(5,'8527b7bd9ff7984398fd631f9b21699937e7f5effcbda4c2ec840b35b05d9e17','refund.csv','taobao.refund','refunds','taobao','','done','4100000000000000002',2,2,0,0,0,'2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000','o',NULL,'[]');
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
	CONSTRAINT pk_inspections PRIMARY KEY (id), 
	CONSTRAINT ck_inspections_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_inspections_case_line_id FOREIGN KEY(case_line_id) REFERENCES case_lines (id), 
	CONSTRAINT fk_inspections_parcel_id FOREIGN KEY(parcel_id) REFERENCES parcels (id)
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
	confirmed INTEGER NOT NULL, 
	CONSTRAINT pk_order_lines PRIMARY KEY (id), 
	CONSTRAINT ck_order_lines_cash CHECK (cash >= 0), 
	CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_order_lines_order_id FOREIGN KEY(order_id) REFERENCES orders (id), 
	CONSTRAINT uq_order_lines_order_id_number UNIQUE (order_id, number)
)
 STRICT

;
INSERT INTO "order_lines" VALUES(1,1,'4100000000000000001',1,'QD','气垫','',1,11900,11900,11900,'file','交易关闭',0);
INSERT INTO "order_lines" VALUES(2,2,'4100000000000000002',1,'JH','精华','',1,24900,23400,23400,'file','交易成功',0);
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
	signed_by TEXT NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT ck_orders_amounts CHECK (paid >= 0 AND freight >= 0), 
	CONSTRAINT uq_orders_platform_number UNIQUE (platform, number)
)
 STRICT

;
INSERT INTO "orders" VALUES(1,'taobao','4100000000000000001','','closed','交易关闭','CNY',11900,0,1,'甲','','','','','','','NO:773000000000001','申通快递','2026-03-01 02:00:00.000000','2026-03-01 02:00:05.000000','2026-03-01 10:00:00.000000','2026-03-05 02:00:00.000000','confirmed');
INSERT INTO "orders" VALUES(2,'taobao','4100000000000000002','','done','交易成功','CNY',23400,0,1,'乙','','','','','','','NO:773000000000002','申通快递','2026-03-01 03:00:00.000000','2026-03-01 03:00:05.000000','2026-03-01 10:00:00.000000','2026-03-05 02:00:00.000000','confirmed');
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
INSERT INTO "payout_parts" VALUES(1,1,1,1,'goods',11900);
INSERT INTO "payout_parts" VALUES(2,2,2,2,'goods',20869);
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
INSERT INTO "payouts" VALUES(1,'PO20260307-0001','taobao:900000000000000001',1,1,'refund','original','buyer',11900,'CNY','platform','confirmed',1,'retcli','2026-03-07 02:00:00.000000',NULL,'2026-03-06 04:00:00.000000','',NULL);
INSERT INTO "payouts" VALUES(2,'PO20260307-0002','taobao:900000000000000002',2,2,'refund','original','buyer',20869,'CNY','platform','confirmed',1,'retcli','2026-03-07 02:00:00.000000',NULL,'2026-03-06 04:00:00.000000','',NULL);
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
INSERT INTO "platform_actions" VALUES(1,1,'agree_refund','verified',2,11900,0,NULL,'2026-03-07 02:00:00.000000');
INSERT INTO "platform_actions" VALUES(2,2,'agree_refund','verified',2,20869,0,NULL,'2026-03-07 02:00:00.000000');
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
	warranty_months INTEGER NOT NULL, 
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
INSERT INTO "runs" VALUES(1,'nightly import','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000',0,'{"files": 2, "rows": 4, "added": 4, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(2,'nightly import','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000',3,'{"files": 2, "rows": 4, "added": 0, "changed": 3, "refused": 0, "questions": 2, "waiting": 0}');
INSERT INTO "runs" VALUES(3,'nightly import','2026-03-07 02:00:00.000000','2026-03-07 02:00:00.000000',0,'{"files": 1, "rows": 2, "added": 2, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
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
INSERT INTO "staff" VALUES(1,'o','owner','2026-03-07 02:00:00.000000');
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
	line_status TEXT, 
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
	signed_by TEXT, 
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
CREATE INDEX ix_orders_number ON orders (number);
CREATE INDEX ix_orders_phone_tail ON orders (phone_tail);
CREATE INDEX ix_orders_waybill ON orders (waybill);
CREATE INDEX ix_parcels_state ON parcels (state);
CREATE INDEX ix_barcodes_sku ON barcodes (sku);
CREATE INDEX ix_cases_decision ON cases (decision);
CREATE INDEX ix_cases_filing ON cases (filing);
CREATE INDEX ix_cases_order_id ON cases (order_id);
CREATE INDEX ix_import_faults_import_id ON import_faults (import_id);
CREATE INDEX ix_import_questions_import_id ON import_questions (import_id);
CREATE INDEX ix_order_lines_number ON order_lines (number);
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
CREATE INDEX ix_inspections_case_line_id ON inspections (case_line_id);
CREATE INDEX ix_inspections_parcel_id ON inspections (parcel_id);
CREATE INDEX ix_payout_parts_line_id ON payout_parts (line_id);
CREATE INDEX ix_payout_parts_order_id ON payout_parts (order_id);
CREATE INDEX ix_payout_parts_payout_id ON payout_parts (payout_id);
CREATE TRIGGER draws_guard BEFORE INSERT ON draws BEGIN SELECT RAISE(ABORT, 'overdrawn: units') WHERE NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(units), 0) FROM draws WHERE line_id = NEW.line_id) + NEW.units NOT BETWEEN 0 AND (SELECT quantity FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: cash') WHERE NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id = NEW.line_id) + NEW.cash NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: freight') WHERE NEW.line_id IS NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id IS NULL AND order_id = NEW.order_id) + NEW.cash NOT BETWEEN 0 AND (SELECT freight FROM orders WHERE id = NEW.order_id); END;
CREATE TRIGGER payout_parts_guard BEFORE INSERT ON payout_parts BEGIN SELECT RAISE(ABORT, 'overdrawn: line') WHERE NEW.purpose = 'goods' AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose = 'goods' AND p.line_id = NEW.line_id) + NEW.minor NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id); SELECT RAISE(ABORT, 'overdrawn: freight') WHERE NEW.purpose = 'freight' AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose = 'freight' AND p.order_id = NEW.order_id) + NEW.minor NOT BETWEEN 0 AND (SELECT freight FROM orders WHERE id = NEW.order_id); SELECT RAISE(ABORT, 'overdrawn: order') WHERE NEW.purpose IN ('goods', 'freight') AND (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id WHERE o.state <> 'failed' AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id) + NEW.minor > (SELECT paid FROM orders WHERE id = NEW.order_id); END;
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
CREATE TRIGGER inspections_frozen BEFORE UPDATE ON inspections WHEN NEW.parcel_id IS NOT OLD.parcel_id OR NEW.sku IS NOT OLD.sku OR NEW.quantity IS NOT OLD.quantity OR NEW.grade IS NOT OLD.grade OR NEW.disposition IS NOT OLD.disposition OR OLD.case_line_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'inspections are append-only'); END;
CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER inspections_no_delete BEFORE DELETE ON inspections BEGIN SELECT RAISE(ABORT, 'inspections are append-only'); END;
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
COMMIT;
