-- Books of schema 0025, as the program of that time wrote them: three orders of 55.00. Ours of 15.00 left by the
-- original route before the file of one said that 40.00 went back, and after it on another; and by a transfer before it
-- on one of a platform that has no refund report.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num TEXT NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0025');
CREATE TABLE anchors (
	id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_anchors PRIMARY KEY (id), 
	CONSTRAINT ck_anchors_single CHECK (id = 1)
)
 STRICT

;
INSERT INTO "anchors" VALUES(1,65,'d5e04b2d263492e633aed5363c761bcdbd7339b896d9b434e38e38efa09f86ab');
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
INSERT INTO "case_lines" VALUES(1,1,1,0,1500,NULL,'',1500);
INSERT INTO "case_lines" VALUES(2,2,3,1,1500,NULL,'',1500);
INSERT INTO "case_lines" VALUES(3,3,2,0,1500,NULL,'',1500);
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
INSERT INTO "cases" VALUES(1,'RC20261109-0001',1,'taobao','allowance','approved','finished',3,'B_7D','','','7天无理由退换货','platform','','',1500,0,'2026-11-06 01:30:00.000000','2026-11-09 04:10:00.000000','2026-11-09 04:10:00.000000','2026-11-09 04:20:00.000000','told','default-1','900000000000000551','买家已经申请退款，等待卖家同意',1500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'requested','店长','person',0,'refund-only','2026-11-09 04:10:00.000000','2026110122000000000000000551','manual','','','no',0,'baddd0900665f419917296f80af873647dc1d3608d637210def279500857077a');
INSERT INTO "cases" VALUES(2,'RC20261109-0002',3,'shopify','allowance','approved','finished',3,'Q_FUNC','','','','','','老板',1500,0,'2026-11-09 04:20:00.000000','2026-11-09 04:20:00.000000','2026-11-09 04:20:00.000000','2026-11-09 04:20:00.000000','','default-1',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','老板','person',0,'',NULL,'','','','','',0,NULL);
INSERT INTO "cases" VALUES(3,'RC20261109-0003',2,'taobao','allowance','approved','finished',3,'B_7D','','','7天无理由退换货','platform','','',1500,0,'2026-11-06 01:30:00.000000','2026-11-09 06:00:00.000000','2026-11-09 06:00:00.000000','2026-11-09 06:10:00.000000','told','default-1','900000000000000552','买家已经申请退款，等待卖家同意',1500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'requested','店长','person',0,'refund-only','2026-11-09 06:00:00.000000','2026110122000000000000000552','manual','','','no',0,'98d9f053f61a13ac3cc82650b04266b695f38655efe33c4fcf27e3b3e63ca766');
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
INSERT INTO "counters" VALUES('RC20261109',3);
INSERT INTO "counters" VALUES('PO20261109',3);
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
INSERT INTO "draws" VALUES(1,1,1,1,0,0,1500,'2026-11-09 04:10:00.000000');
INSERT INTO "draws" VALUES(2,3,3,2,0,0,1500,'2026-11-09 04:20:00.000000');
INSERT INTO "draws" VALUES(3,2,2,3,0,0,1500,'2026-11-09 06:00:00.000000');
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
INSERT INTO "events" VALUES(1,'2026-11-09T04:00:00+00:00','老板','books','found','{"books":"533cea9517a47b5a"}',1,'7794067de8e6e9b43db75c9abf9178abc313eaf245ec5834133f81efdf1874d1');
INSERT INTO "events" VALUES(2,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"1":{"created_at":"2026-11-09 04:00:00.000000","name":"老板","role":"owner"}}}}',1,'49b3927a5ea8f475cd3c4c56c8ab420da2fdb4122eae9de3a1185c3bdae316e6');
INSERT INTO "events" VALUES(3,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"2":{"created_at":"2026-11-09 04:00:00.000000","name":"店长","role":"manager"}}}}',1,'9ab43b33bf080f0245a549e71849ce1d9ed8eb034d4e6bcc9c88a0bdcc2355a9');
INSERT INTO "events" VALUES(4,'2026-11-09T04:00:00+00:00','老板','staff','role','{"name":"店长","role":"manager"}',1,'94c8bec9cf97777519a9e66b8c9578ed01b1ea86ad0b13d7239ff707f3701474');
INSERT INTO "events" VALUES(5,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"3":{"created_at":"2026-11-09 04:00:00.000000","name":"小美","role":"agent"}}}}',1,'cdf3af84714a5c3772a40f4586d20f610cd37b029b205315e499090c7ea3942b');
INSERT INTO "events" VALUES(6,'2026-11-09T04:00:00+00:00','老板','staff','role','{"name":"小美","role":"agent"}',1,'902a008903c77e0be3c3828bae4ff23722ca4ae0d73d5753b8e05a80dee5a60b');
INSERT INTO "events" VALUES(7,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"4":{"created_at":"2026-11-09 04:00:00.000000","name":"阿强","role":"warehouse"}}}}',1,'f2a08fe84511f69e6c77049aef6ab00c61fa15676d9d8e3dec664f2ce3395195');
INSERT INTO "events" VALUES(8,'2026-11-09T04:00:00+00:00','老板','staff','role','{"name":"阿强","role":"warehouse"}',1,'e6360f5d4893d00b807b59ebcd54a1802b4e939f6ddb9525d88ffba00033048b');
INSERT INTO "events" VALUES(9,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"staff":{"5":{"created_at":"2026-11-09 04:00:00.000000","name":"财务","role":"finance"}}}}',1,'1bc062b9e27fd2c8a4d5022bf2fcc80d6cd7fa29f6d3f3931e72b45dc06f6921');
INSERT INTO "events" VALUES(10,'2026-11-09T04:00:00+00:00','老板','staff','role','{"name":"财务","role":"finance"}',1,'a5e44b0460d822eac958ca9950feaaed7d5dac9df45749817ee64a21e4b639d6');
INSERT INTO "events" VALUES(11,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"imports":{"1":{"by":"老板","exported_at":"2026-11-09 04:00:00.000000","format":"taobao.order","holds":"orders","name":"#73146a27fef8ba77","platform":"taobao","sha256":"0a79e995df223b06ac8313837391be16f3ab6f51890acd1520a6cf71485c2c5b","started_at":"2026-11-09 04:00:00.000000","state":"merging"}}}}',1,'a26dacae0637580a3869a3c0368b0a1f04422e300b2479884441b0cdbe07f93b');
INSERT INTO "events" VALUES(12,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"1":{"added":2,"rows":2}}}}',1,'c72d72be148bd36259707806e36a4d4d33f81c1203d80a67ed287d838074e2cd');
INSERT INTO "events" VALUES(13,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"1":{"done_at":"2026-11-09 04:00:00.000000","shops":"[\"青禾杂货铺(示例)\"]","state":"done"}}}}',1,'876b304d0ddd4cde11b5cab75176dfa3285a1501249d44247466fae2134f3966');
INSERT INTO "events" VALUES(14,'2026-11-09T04:00:00+00:00','老板','import/1','import','{"actor":"import","added":2,"changed":0,"format":"taobao.order","refused":0,"rows":2,"sha256":"0a79e995df223b06ac8313837391be16f3ab6f51890acd1520a6cf71485c2c5b","unchanged":0}',1,'c39b2dd1fdf8393ab5f31047bb0b5a397612a7619be449e28c5a187ad6f1e6c3');
INSERT INTO "events" VALUES(15,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"imports":{"2":{"by":"老板","exported_at":"2026-11-09 04:00:00.000000","format":"taobao.item","holds":"items","name":"#af9a2269e79670d5","platform":"taobao","sha256":"163dbd0dd22c5c8624da873d6d7a0c2fbfe9840f28aadf126e1ee7719ec0f3ae","started_at":"2026-11-09 04:00:00.000000","state":"merging"}}}}',1,'464b6716ef33ba0812ec46021bf4d806a296895b06a8c03d6717131f00e2d55c');
INSERT INTO "events" VALUES(16,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"2":{"added":2,"rows":2}}},"lists":{"order_lines":{"columns":["cash","cash_source","confirmed","number","order_id","platform_share","platform_status","position","price","quantity","refunded","refunded_there","sku","stated","status"],"rows":"[[1,5500,\"file\",0,\"2850000000000000551\",1,0,\"交易成功\",1,5500,1,\"\",0,\"A\",5500,\"done\"],[2,5500,\"file\",0,\"2850000000000000552\",2,0,\"交易成功\",1,5500,1,\"\",0,\"B\",5500,\"done\"]]"},"orders":{"columns":["carrier","currency","freight","number","ordered_at","paid","paid_at","payment_number","pieces","platform","platform_status","refunded","refunded_there","shipped","shipped_at","shop","signed_at","signed_by","status","waybill"],"rows":"[[1,\"顺丰速运\",\"CNY\",0,\"2850000000000000551\",\"2026-11-01 01:30:00.000000\",5500,\"2026-11-01 01:35:00.000000\",\"2026110122000000000000000551\",1,\"taobao\",\"交易成功\",\"\",0,1,null,\"青禾杂货铺(示例)\",\"2026-11-05 01:30:00.000000\",\"confirmed\",\"done\",\"SF1000000000551\"],[2,\"顺丰速运\",\"CNY\",0,\"2850000000000000552\",\"2026-11-01 01:30:00.000000\",5500,\"2026-11-01 01:35:00.000000\",\"2026110122000000000000000552\",1,\"taobao\",\"交易成功\",\"\",0,1,null,\"青禾杂货铺(示例)\",\"2026-11-05 01:30:00.000000\",\"confirmed\",\"done\",\"SF1000000000552\"]]"}}}',1,'3459f731b27254b07c64de9e8260e98ad4a877ccfb26b2e147be7c35f1b0ecd3');
INSERT INTO "events" VALUES(17,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"2":{"done_at":"2026-11-09 04:00:00.000000","state":"done"}}}}',1,'ca3b621b7cf80f7a1f739e852e712a507244c5ab4f374aa06621c55dce104124');
INSERT INTO "events" VALUES(18,'2026-11-09T04:00:00+00:00','老板','import/2','import','{"actor":"import","added":2,"changed":0,"format":"taobao.item","refused":0,"rows":2,"sha256":"163dbd0dd22c5c8624da873d6d7a0c2fbfe9840f28aadf126e1ee7719ec0f3ae","unchanged":0}',1,'d1e7418aa45227f482f8e5433dfac4f2b19044125d985004dc0e570c67a01686');
INSERT INTO "events" VALUES(19,'2026-11-09T04:00:00+00:00','老板','books','facts','{"new":{"imports":{"3":{"by":"老板","exported_at":"2026-11-09 04:00:00.000000","format":"shopify.order","holds":"sales","name":"#52707daa9ff1700d","platform":"shopify","sha256":"fb54dc5cb892d8d5159d080ac737d2f5045e2756d2c0353d499d3aa099d50ee8","started_at":"2026-11-09 04:00:00.000000","state":"merging"}}}}',1,'85def926cb6cb009d915912f0d646094aeb971c48540c8bc9c0d7eb120d2203c');
INSERT INTO "events" VALUES(20,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"3":{"added":1,"rows":1}}},"lists":{"order_lines":{"columns":["cash","cash_source","confirmed","number","order_id","platform_share","platform_status","position","price","quantity","refunded","refunded_there","sku","stated","status"],"rows":"[[3,5500,\"split\",0,\"#1\",3,0,\"\",1,5500,1,\"\",null,\"TEE\",null,\"\"]]"},"orders":{"columns":["carrier","currency","freight","number","ordered_at","paid","paid_at","payment_number","pieces","platform","platform_status","refunded","refunded_there","shipped","shipped_at","shop","signed_at","signed_by","status","waybill"],"rows":"[[3,\"\",\"USD\",0,\"#glow551\",\"2026-11-02 01:59:00.000000\",5500,\"2026-11-02 02:00:00.000000\",\"\",null,\"shopify\",\"partially_refunded\",\"part\",0,1,null,\"\",null,\"\",\"shipped\",\"\"]]"}}}',1,'2a726304864b9d81faed733e999985019fc975fdd02cfee22af7d91dcaf00d64');
INSERT INTO "events" VALUES(21,'2026-11-09T04:00:00+00:00','老板','books','facts','{"changed":{"imports":{"3":{"done_at":"2026-11-09 04:00:00.000000","state":"done"}}}}',1,'ad4587dc60abcc1e396083c214d35561600d89791c61f841c30f37f1882ed635');
INSERT INTO "events" VALUES(22,'2026-11-09T04:00:00+00:00','老板','import/3','import','{"actor":"import","added":1,"changed":0,"format":"shopify.order","refused":0,"rows":1,"sha256":"fb54dc5cb892d8d5159d080ac737d2f5045e2756d2c0353d499d3aa099d50ee8","unchanged":0}',1,'d14e8ccaa0003e75abee654463e10b5354804ce97e14a9fe5029fa84e343c8b1');
INSERT INTO "events" VALUES(23,'2026-11-09T04:10:00+00:00','老板','books','facts','{"new":{"imports":{"4":{"by":"老板","exported_at":"2026-11-09 04:10:00.000000","format":"taobao.refund","holds":"refunds","name":"#f1061791cbc766a4","platform":"taobao","sha256":"766bb2511eb07345807c08415c1be190cf4295e9a6ce8ab8764f76124b3284be","started_at":"2026-11-09 04:10:00.000000","state":"merging"}}}}',1,'3c6f63645a1773eb8c22fa749fbd2bb5ef2d2c3d4fd144b3f16a78f13f2252df');
INSERT INTO "events" VALUES(24,'2026-11-09T04:10:00+00:00','老板','books','facts','{"changed":{"imports":{"4":{"added":1,"rows":1}}},"new":{"case_lines":{"1":{"case_id":1,"line_id":1}},"cases":{"1":{"applied_at":"2026-11-06 01:30:00.000000","asked":1500,"buyer_words":"#dddd8950498530a8","channel":"platform","decision":"requested","filing":"open","kind":"allowance","number":"RC20261109-0001","opened_at":"2026-11-09 04:10:00.000000","order_id":1,"payment_number":"#9a740f1e63d81357","platform":"taobao","platform_amount":1500,"platform_instant":"no","platform_kind":"refund-only","platform_mark":"#951246d36d1723f9","platform_number":"900000000000000551","platform_seen_at":"2026-11-09 04:10:00.000000","platform_state":"requested","platform_status":"#0f0a38a6449c2327","platform_way":"manual","policy":"default-1","reason_stated":"B_7D","version":1}}}}',1,'6e4a41bde2966489106c379926fa0fe2eeabedecc1e292353a304e11a33b6e10');
INSERT INTO "events" VALUES(25,'2026-11-09T04:10:00+00:00','老板','RC20261109-0001','open','{"actor":"import","axis":"decision","kind":"allowance","now":"requested","order":"2850000000000000551","reason":"B_7D","was":""}',1,'4b3855a6ad5829c7f1f0ef2b634057174a23bdd4f13b0de0eb8afb8ebdc0cc85');
INSERT INTO "events" VALUES(26,'2026-11-09T04:10:00+00:00','老板','books','facts','{"changed":{"imports":{"4":{"done_at":"2026-11-09 04:10:00.000000","state":"done"}}}}',1,'dff5accf3e3e4006e165ef9d9412780c4c970740a406fd329232347c382e2c93');
INSERT INTO "events" VALUES(27,'2026-11-09T04:10:00+00:00','老板','import/4','import','{"actor":"import","added":1,"changed":0,"format":"taobao.refund","refused":0,"rows":1,"sha256":"766bb2511eb07345807c08415c1be190cf4295e9a6ce8ab8764f76124b3284be","unchanged":0}',1,'d1fb24056b03d1eae9bdd9f3514dcda6736dad8ed159237d1ddb8eedaf68e0e9');
INSERT INTO "events" VALUES(28,'2026-11-09T04:10:00+00:00','店长','books','facts','{"changed":{"case_lines":{"1":{"agreed":1500,"due":1500}},"cases":{"1":{"because":"#11481c89743ca76e","decided_as":"person","decided_at":"2026-11-09 04:10:00.000000","decided_by":"店长","decision":"approved","freight_agreed":0,"version":2}}},"new":{"draws":{"1":{"at":"2026-11-09 04:10:00.000000","case_id":1,"cash":1500,"line_id":1,"order_id":1}},"payout_parts":{"1":{"line_id":1,"minor":1500,"order_id":1,"payout_id":1,"purpose":"goods"}},"payouts":{"1":{"case_id":1,"currency":"CNY","decided_at":"2026-11-09 04:10:00.000000","decided_by":"店长","kind":"refund","method":"original","minor":1500,"number":"PO20261109-0001","order_id":1,"origin":"own","payee":"buyer","request":"RC20261109-0001-1","state":"due","version":1}},"platform_actions":{"1":{"action":"agree_refund","case_id":1,"created_at":"2026-11-09 04:10:00.000000","money":1500,"state":"todo","version":1}}}}',1,'7b042ca5dd8dec7eefdb9c4ed65d287dbd1a08147f96b4f2415fc1fb9f085c76');
INSERT INTO "events" VALUES(29,'2026-11-09T04:10:00+00:00','店长','RC20261109-0001','approve','{"axis":"decision","currency":"CNY","decided_as":"person","decided_by":"店长","due":1500,"freight":0,"lines":{"2850000000000000551":1500},"now":"approved","was":"requested"}',1,'9dc4870126610c07c49ab169406b33acf59e75a4d052c4abf7c7e999ea2a9979');
INSERT INTO "events" VALUES(30,'2026-11-09T04:10:00+00:00','店长','PO20261109-0001','open','{"axis":"payout","case":"RC20261109-0001","currency":"CNY","decided_by":"店长","door":"approval","kind":"refund","method":"original","minor":1500,"now":"due","origin":"own","parts":[{"line":"2850000000000000551","minor":1500,"purpose":"goods"}],"payee":"buyer","request":"RC20261109-0001-1","role":"manager","was":""}',1,'2709df5f7e7cfcf87a68d1f73db5c616f94409ed5595e200707a0f887904242b');
INSERT INTO "events" VALUES(31,'2026-11-09T04:10:00+00:00','店长','RC20261109-0001/agree_refund','open','{"axis":"platform_action","now":"todo","was":""}',1,'79387f16f49f65d6b8f882b3f37bcc3d6e60a2b4f5dbda308265c600add64b8c');
INSERT INTO "events" VALUES(32,'2026-11-09T04:20:00+00:00','店长','books','facts','{"changed":{"cases":{"1":{"filing":"finished","finished_at":"2026-11-09 04:20:00.000000","version":3}},"payouts":{"1":{"settled_at":"2026-11-09 04:20:00.000000","state":"confirmed","version":2}},"platform_actions":{"1":{"state":"done","version":2}}}}',1,'5f18607610d90f023ddc578d848d7f25e4e52cfebee358cd48627be248a79e51');
INSERT INTO "events" VALUES(33,'2026-11-09T04:20:00+00:00','店长','PO20261109-0001','confirm','{"axis":"payout","now":"confirmed","was":"due"}',1,'da31debdb7f4a2d78aa4263d0b5130c9ee26b644e8805bc7c33f41a0f4c96fe6');
INSERT INTO "events" VALUES(34,'2026-11-09T04:20:00+00:00','店长','RC20261109-0001/agree_refund','click','{"axis":"platform_action","now":"done","was":"todo"}',1,'48c8630cf1eb255d0838ad9e8c408255e135d39f763116403ed371cb2fff1108');
INSERT INTO "events" VALUES(35,'2026-11-09T04:20:00+00:00','店长','RC20261109-0001','finish','{"axis":"filing","now":"finished","was":"open"}',1,'f0a4070a6b33973f20b6205363b2e16b0a86e6edb022d254b242a4ac9be71ccc');
INSERT INTO "events" VALUES(36,'2026-11-09T04:20:00+00:00','老板','books','facts','{"new":{"case_lines":{"2":{"case_id":2,"line_id":3,"quantity":1}},"cases":{"2":{"applied_at":"2026-11-09 04:20:00.000000","asked":1500,"decision":"requested","filing":"open","kind":"allowance","number":"RC20261109-0002","opened_at":"2026-11-09 04:20:00.000000","order_id":3,"owner":"老板","platform":"shopify","policy":"default-1","reason_stated":"Q_FUNC","version":1}}}}',1,'49f9bf4d70caaeced037f41bd6e73b5e021492797e3ca4363a9159144c228fa9');
INSERT INTO "events" VALUES(37,'2026-11-09T04:20:00+00:00','老板','RC20261109-0002','open','{"axis":"decision","kind":"allowance","now":"requested","order":"#glow551","reason":"Q_FUNC","was":""}',1,'ed5e601820119d2c0c479547b597921b5211038e6a5d358d5274aa95150ee8f4');
INSERT INTO "events" VALUES(38,'2026-11-09T04:20:00+00:00','老板','books','facts','{"changed":{"case_lines":{"2":{"agreed":1500,"due":1500}},"cases":{"2":{"decided_as":"person","decided_at":"2026-11-09 04:20:00.000000","decided_by":"老板","decision":"approved","freight_agreed":0,"version":2}}},"new":{"draws":{"2":{"at":"2026-11-09 04:20:00.000000","case_id":2,"cash":1500,"line_id":3,"order_id":3}}}}',1,'673049f1f5a23d335300b89cedbca2bdf4e396b9020903690b1e9f1763009a4b');
INSERT INTO "events" VALUES(39,'2026-11-09T04:20:00+00:00','老板','RC20261109-0002','approve','{"axis":"decision","currency":"USD","decided_as":"person","decided_by":"老板","due":1500,"freight":0,"lines":{"#1":1500},"now":"approved","was":"requested"}',1,'918cb4f856f8a785cbd2fadc067c31bfb4ebcde63838c5c074feb02c30ff6d1d');
INSERT INTO "events" VALUES(40,'2026-11-09T04:20:00+00:00','老板','books','facts','{"new":{"payout_parts":{"2":{"line_id":3,"minor":1500,"order_id":3,"payout_id":2,"purpose":"goods"}},"payouts":{"2":{"case_id":2,"currency":"USD","decided_at":"2026-11-09 04:20:00.000000","decided_by":"老板","kind":"refund","method":"transfer","minor":1500,"number":"PO20261109-0002","order_id":3,"origin":"own","payee":"buyer","request":"RC20261109-0002-1","state":"due","version":1}}}}',1,'be2343de227057cc0cf0593b9c4a24f091280b35dc0796e58fcf668e649d2311');
INSERT INTO "events" VALUES(41,'2026-11-09T04:20:00+00:00','老板','PO20261109-0002','open','{"axis":"payout","case":"RC20261109-0002","currency":"USD","decided_by":"老板","door":"refund","kind":"refund","method":"transfer","minor":1500,"now":"due","origin":"own","parts":[{"line":"#1","minor":1500,"purpose":"goods"}],"payee":"buyer","request":"RC20261109-0002-1","role":"owner","was":""}',1,'8a34ef727fa550d7d993fb87b2ff86055a2ff4370202106c7d90ceb0541e113d');
INSERT INTO "events" VALUES(42,'2026-11-09T04:20:00+00:00','老板','books','facts','{"changed":{"cases":{"2":{"filing":"finished","finished_at":"2026-11-09 04:20:00.000000","version":3}},"payouts":{"2":{"settled_at":"2026-11-09 04:20:00.000000","state":"confirmed","version":2}}}}',1,'aa640122ef2c4e491b3966cff489511806315e1d7ea82984faba6c5d2d943cf2');
INSERT INTO "events" VALUES(43,'2026-11-09T04:20:00+00:00','老板','PO20261109-0002','confirm','{"axis":"payout","now":"confirmed","was":"due"}',1,'49b9ba821b5bba89836ce763ebef9bd352459b715ea8b969a74d36c1dac9937c');
INSERT INTO "events" VALUES(44,'2026-11-09T04:20:00+00:00','老板','RC20261109-0002','finish','{"axis":"filing","now":"finished","was":"open"}',1,'24fb50abb7f495c8a1ebed0eeb4d513659da9e1036449e797a3594628d76380c');
INSERT INTO "events" VALUES(45,'2026-11-09T05:00:00+00:00','老板','books','facts','{"new":{"imports":{"5":{"by":"老板","exported_at":"2026-11-09 05:00:00.000000","format":"taobao.order","holds":"orders","name":"#ff486781714034c1","platform":"taobao","sha256":"301e46730ba62621f381b5665346ee6abbe36669d62f538a78d8316a98a8699c","started_at":"2026-11-09 05:00:00.000000","state":"merging"}}}}',1,'8e5de02d0708b3caebe702784aaad62d907cc6fdd0dbc5cb37ba066483bf4dca');
INSERT INTO "events" VALUES(46,'2026-11-09T05:00:00+00:00','老板','books','facts','{"changed":{"imports":{"5":{"changed":2,"rows":2}},"orders":{"1":{"refunded_there":4000},"2":{"refunded_there":4000}}}}',1,'70383f922effa92dfca5809cf7be25274e24c41cae606b5daf8bd0b208661f9b');
INSERT INTO "events" VALUES(47,'2026-11-09T05:00:00+00:00','老板','books','facts','{"changed":{"imports":{"5":{"done_at":"2026-11-09 05:00:00.000000","shops":"[\"青禾杂货铺(示例)\"]","state":"done"}}}}',1,'9b07a33b35c39e98c7a44482e5a5fa4ec3bf36abbd23dc61c8d78c6877f90b95');
INSERT INTO "events" VALUES(48,'2026-11-09T05:00:00+00:00','老板','import/5','import','{"actor":"import","added":0,"changed":2,"format":"taobao.order","refused":0,"rows":2,"sha256":"301e46730ba62621f381b5665346ee6abbe36669d62f538a78d8316a98a8699c","unchanged":0}',1,'229878f928deb74e8e962a368d5b0f203ea5656b3c2c2976120b765f238469cd');
INSERT INTO "events" VALUES(49,'2026-11-09T05:00:00+00:00','老板','books','facts','{"new":{"imports":{"6":{"by":"老板","exported_at":"2026-11-09 05:00:00.000000","format":"shopify.order","holds":"sales","name":"#d7cf75512b08df4e","platform":"shopify","sha256":"4b5a182ca8f92ca86b094550ec87aab739038bb69e8d5685239c49d7270755f0","started_at":"2026-11-09 05:00:00.000000","state":"merging"}}}}',1,'429715bd3bfd0be2c4993ae434afa934d7b82408a741dd08d3912457e44a779a');
INSERT INTO "events" VALUES(50,'2026-11-09T05:00:00+00:00','老板','books','facts','{"changed":{"imports":{"6":{"changed":1,"rows":1}},"orders":{"3":{"refunded_there":4000}}}}',1,'97df3cfbe93fe7eb80e2f01cb113bb5c7763cdf62808464a7db1ae7efb3c0691');
INSERT INTO "events" VALUES(51,'2026-11-09T05:00:00+00:00','老板','books','facts','{"changed":{"imports":{"6":{"done_at":"2026-11-09 05:00:00.000000","state":"done"}}}}',1,'89bd731e5b10e4a2edf87fdc142740fc591b1e7d4ccb16ad9ac20243bcc321bb');
INSERT INTO "events" VALUES(52,'2026-11-09T05:00:00+00:00','老板','import/6','import','{"actor":"import","added":0,"changed":1,"format":"shopify.order","refused":0,"rows":1,"sha256":"4b5a182ca8f92ca86b094550ec87aab739038bb69e8d5685239c49d7270755f0","unchanged":0}',1,'3c697abafefd11153d179d90b7a0668c80003c72854f2b6cb250bde29d6d6cea');
INSERT INTO "events" VALUES(53,'2026-11-09T06:00:00+00:00','老板','books','facts','{"new":{"imports":{"7":{"by":"老板","exported_at":"2026-11-09 06:00:00.000000","format":"taobao.refund","holds":"refunds","name":"#44d4635720cb83fd","platform":"taobao","sha256":"cc7ea1503e5a702e098513e10a766126627492ccb8927bd8d8fa7e1512e80860","started_at":"2026-11-09 06:00:00.000000","state":"merging"}}}}',1,'c872494efebdf660c1b2fb0ac14690b824ee9926632ced9b888a6ed6c376945c');
INSERT INTO "events" VALUES(54,'2026-11-09T06:00:00+00:00','老板','books','facts','{"changed":{"imports":{"7":{"added":1,"rows":1}}},"new":{"case_lines":{"3":{"case_id":3,"line_id":2}},"cases":{"3":{"applied_at":"2026-11-06 01:30:00.000000","asked":1500,"buyer_words":"#caf02c9d1ea47c1a","channel":"platform","decision":"requested","filing":"open","kind":"allowance","number":"RC20261109-0003","opened_at":"2026-11-09 06:00:00.000000","order_id":2,"payment_number":"#22b442333201a5f8","platform":"taobao","platform_amount":1500,"platform_instant":"no","platform_kind":"refund-only","platform_mark":"#cc94355e6754634f","platform_number":"900000000000000552","platform_seen_at":"2026-11-09 06:00:00.000000","platform_state":"requested","platform_status":"#9a3a2e5a36c219f0","platform_way":"manual","policy":"default-1","reason_stated":"B_7D","version":1}}}}',1,'a15d457d98fc9f4e033b0affc0832f333debdd7c22b5a6d2429607cf8b1114ba');
INSERT INTO "events" VALUES(55,'2026-11-09T06:00:00+00:00','老板','RC20261109-0003','open','{"actor":"import","axis":"decision","kind":"allowance","now":"requested","order":"2850000000000000552","reason":"B_7D","was":""}',1,'aa9a4bbdd5de981fee1447207343c547b25b56e52b30b9c914d9158911980758');
INSERT INTO "events" VALUES(56,'2026-11-09T06:00:00+00:00','老板','books','facts','{"changed":{"imports":{"7":{"done_at":"2026-11-09 06:00:00.000000","state":"done"}}}}',1,'7e76856dbabea29c9da264ef4fab5112e4b946ece87e75397744040c391aace5');
INSERT INTO "events" VALUES(57,'2026-11-09T06:00:00+00:00','老板','import/7','import','{"actor":"import","added":1,"changed":0,"format":"taobao.refund","refused":0,"rows":1,"sha256":"cc7ea1503e5a702e098513e10a766126627492ccb8927bd8d8fa7e1512e80860","unchanged":0}',1,'834de2bc47b4d259b4847964d1f19e5329f2d2a824fc2d48d454d5357ccf186c');
INSERT INTO "events" VALUES(58,'2026-11-09T06:00:00+00:00','店长','books','facts','{"changed":{"case_lines":{"3":{"agreed":1500,"due":1500}},"cases":{"3":{"because":"#1bd669a35a2ed120","decided_as":"person","decided_at":"2026-11-09 06:00:00.000000","decided_by":"店长","decision":"approved","freight_agreed":0,"version":2}}},"new":{"draws":{"3":{"at":"2026-11-09 06:00:00.000000","case_id":3,"cash":1500,"line_id":2,"order_id":2}},"payout_parts":{"3":{"line_id":2,"minor":1500,"order_id":2,"payout_id":3,"purpose":"goods"}},"payouts":{"3":{"case_id":3,"currency":"CNY","decided_at":"2026-11-09 06:00:00.000000","decided_by":"店长","kind":"refund","method":"original","minor":1500,"number":"PO20261109-0003","order_id":2,"origin":"own","payee":"buyer","request":"RC20261109-0003-1","state":"due","version":1}},"platform_actions":{"2":{"action":"agree_refund","case_id":3,"created_at":"2026-11-09 06:00:00.000000","money":1500,"state":"todo","version":1}}}}',1,'89e642c556e29fcad696aabf18482bc123adbe92d502029fb31ed83c3b92b44f');
INSERT INTO "events" VALUES(59,'2026-11-09T06:00:00+00:00','店长','RC20261109-0003','approve','{"axis":"decision","currency":"CNY","decided_as":"person","decided_by":"店长","due":1500,"freight":0,"lines":{"2850000000000000552":1500},"now":"approved","there":4000,"was":"requested"}',1,'2dd8baf2f7d6ee34f5ec7eb442dbb18d622fff281fba2bcc1c0dff050818dbf9');
INSERT INTO "events" VALUES(60,'2026-11-09T06:00:00+00:00','店长','PO20261109-0003','open','{"axis":"payout","case":"RC20261109-0003","currency":"CNY","decided_by":"店长","door":"approval","kind":"refund","method":"original","minor":1500,"now":"due","origin":"own","parts":[{"line":"2850000000000000552","minor":1500,"purpose":"goods"}],"payee":"buyer","request":"RC20261109-0003-1","role":"manager","was":""}',1,'0baf5b2b023bf9df1ad49b15bcccfc3cfe45d6744b8e3e82fb9465bb34263e85');
INSERT INTO "events" VALUES(61,'2026-11-09T06:00:00+00:00','店长','RC20261109-0003/agree_refund','open','{"axis":"platform_action","now":"todo","was":""}',1,'dfbfcb2a51d7ae93ae5f56879f3f2288c855e3abcf86fc17b654cd27f7be868a');
INSERT INTO "events" VALUES(62,'2026-11-09T06:10:00+00:00','店长','books','facts','{"changed":{"cases":{"3":{"filing":"finished","finished_at":"2026-11-09 06:10:00.000000","version":3}},"payouts":{"3":{"settled_at":"2026-11-09 06:10:00.000000","state":"confirmed","version":2}},"platform_actions":{"2":{"state":"done","version":2}}}}',1,'f44363be21e305a158b8a3eaeb764804a1dc87181b70711d2d86b4e2673bcb5e');
INSERT INTO "events" VALUES(63,'2026-11-09T06:10:00+00:00','店长','PO20261109-0003','confirm','{"axis":"payout","now":"confirmed","was":"due"}',1,'a61a88148a2adc3f1f5bb748565de557d35572ddc57a7d4c20ac6b35f44d6a1d');
INSERT INTO "events" VALUES(64,'2026-11-09T06:10:00+00:00','店长','RC20261109-0003/agree_refund','click','{"axis":"platform_action","now":"done","was":"todo"}',1,'98fb9e05b388926854a92a3fd22afde04148d8d4ac578980c5c047033ad75ba1');
INSERT INTO "events" VALUES(65,'2026-11-09T06:10:00+00:00','店长','RC20261109-0003','finish','{"axis":"filing","now":"finished","was":"open"}',1,'d5e04b2d263492e633aed5363c761bcdbd7339b896d9b434e38e38efa09f86ab');
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
INSERT INTO "imports" VALUES(1,'0a79e995df223b06ac8313837391be16f3ab6f51890acd1520a6cf71485c2c5b','order_20261109120000.csv','taobao.order','orders','taobao','','done','2850000000000000552',2,2,0,0,0,'2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000','老板',NULL,'["青禾杂货铺(示例)"]',0,'2026-11-09 04:00:00.000000');
INSERT INTO "imports" VALUES(2,'163dbd0dd22c5c8624da873d6d7a0c2fbfe9840f28aadf126e1ee7719ec0f3ae','item_20261109120000.csv','taobao.item','items','taobao','','done','2850000000000000552',2,2,0,0,0,'2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000','老板',NULL,'[]',0,'2026-11-09 04:00:00.000000');
INSERT INTO "imports" VALUES(3,'fb54dc5cb892d8d5159d080ac737d2f5045e2756d2c0353d499d3aa099d50ee8','shopify_20261109120000.csv','shopify.order','sales','shopify','','done','#glow551',1,1,0,0,0,'2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000','老板',NULL,'[]',0,'2026-11-09 04:00:00.000000');
INSERT INTO "imports" VALUES(4,'766bb2511eb07345807c08415c1be190cf4295e9a6ce8ab8764f76124b3284be','refund_900000000000000551_20261109121000.csv','taobao.refund','refunds','taobao','','done','2850000000000000551',1,1,0,0,0,'2026-11-09 04:10:00.000000','2026-11-09 04:10:00.000000','老板',NULL,'[]',0,'2026-11-09 04:10:00.000000');
INSERT INTO "imports" VALUES(5,'301e46730ba62621f381b5665346ee6abbe36669d62f538a78d8316a98a8699c','order_20261109130000.csv','taobao.order','orders','taobao','','done','2850000000000000552',2,0,2,0,0,'2026-11-09 05:00:00.000000','2026-11-09 05:00:00.000000','老板',NULL,'["青禾杂货铺(示例)"]',0,'2026-11-09 05:00:00.000000');
INSERT INTO "imports" VALUES(6,'4b5a182ca8f92ca86b094550ec87aab739038bb69e8d5685239c49d7270755f0','shopify_20261109130000.csv','shopify.order','sales','shopify','','done','#glow551',1,0,1,0,0,'2026-11-09 05:00:00.000000','2026-11-09 05:00:00.000000','老板',NULL,'[]',0,'2026-11-09 05:00:00.000000');
INSERT INTO "imports" VALUES(7,'cc7ea1503e5a702e098513e10a766126627492ccb8927bd8d8fa7e1512e80860','refund_900000000000000552_20261109140000.csv','taobao.refund','refunds','taobao','','done','2850000000000000552',1,1,0,0,0,'2026-11-09 06:00:00.000000','2026-11-09 06:00:00.000000','老板',NULL,'[]',0,'2026-11-09 06:00:00.000000');
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
INSERT INTO "order_lines" VALUES(1,1,'2850000000000000551',1,'A','商品A','',1,5500,5500,5500,'file','交易成功',0,'done','',0,0);
INSERT INTO "order_lines" VALUES(2,2,'2850000000000000552',1,'B','商品B','',1,5500,5500,5500,'file','交易成功',0,'done','',0,0);
INSERT INTO "order_lines" VALUES(3,3,'#1',1,'TEE','Tee','',1,5500,NULL,5500,'split','',0,'','',NULL,0);
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
INSERT INTO "orders" VALUES(1,'taobao','2850000000000000551','青禾杂货铺(示例)','done','交易成功','CNY',5500,0,1,'买家000551','林小满','13900001234','1234','浙江省 金华市 青禾镇 1号','','','SF1000000000551','顺丰速运','2026-11-01 01:30:00.000000','2026-11-01 01:35:00.000000',NULL,'2026-11-05 01:30:00.000000','confirmed',1,'',4000,'2026110122000000000000000551');
INSERT INTO "orders" VALUES(2,'taobao','2850000000000000552','青禾杂货铺(示例)','done','交易成功','CNY',5500,0,1,'买家000552','林小满','13900001234','1234','浙江省 金华市 青禾镇 1号','','','SF1000000000552','顺丰速运','2026-11-01 01:30:00.000000','2026-11-01 01:35:00.000000',NULL,'2026-11-05 01:30:00.000000','confirmed',1,'',4000,'2026110122000000000000000552');
INSERT INTO "orders" VALUES(3,'shopify','#glow551','','shipped','partially_refunded','USD',5500,0,NULL,'','','','','','','','','','2026-11-02 01:59:00.000000','2026-11-02 02:00:00.000000',NULL,NULL,'',1,'part',4000,'');
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
INSERT INTO "payout_parts" VALUES(1,1,1,1,'goods',1500);
INSERT INTO "payout_parts" VALUES(2,2,3,3,'goods',1500);
INSERT INTO "payout_parts" VALUES(3,3,2,2,'goods',1500);
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
INSERT INTO "payouts" VALUES(1,'PO20261109-0001','RC20261109-0001-1',1,1,'refund','original','buyer',1500,'CNY','own','confirmed',2,'店长','2026-11-09 04:10:00.000000',NULL,'2026-11-09 04:20:00.000000','',NULL);
INSERT INTO "payouts" VALUES(2,'PO20261109-0002','RC20261109-0002-1',2,3,'refund','transfer','buyer',1500,'USD','own','confirmed',2,'老板','2026-11-09 04:20:00.000000',NULL,'2026-11-09 04:20:00.000000','',NULL);
INSERT INTO "payouts" VALUES(3,'PO20261109-0003','RC20261109-0003-1',3,2,'refund','original','buyer',1500,'CNY','own','confirmed',2,'店长','2026-11-09 06:00:00.000000',NULL,'2026-11-09 06:10:00.000000','',NULL);
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
INSERT INTO "platform_actions" VALUES(1,1,'agree_refund','done',2,1500,0,NULL,'2026-11-09 04:10:00.000000');
INSERT INTO "platform_actions" VALUES(2,3,'agree_refund','done',2,1500,0,NULL,'2026-11-09 06:00:00.000000');
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
INSERT INTO "runs" VALUES(1,'import','2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000',0,'{"files": 2, "rows": 4, "added": 4, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(2,'import','2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000',0,'{"files": 1, "rows": 1, "added": 1, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(3,'import','2026-11-09 04:10:00.000000','2026-11-09 04:10:00.000000',0,'{"files": 1, "rows": 1, "added": 1, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(4,'import','2026-11-09 05:00:00.000000','2026-11-09 05:00:00.000000',0,'{"files": 2, "rows": 4, "added": 0, "changed": 2, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(5,'import','2026-11-09 05:00:00.000000','2026-11-09 05:00:00.000000',0,'{"files": 1, "rows": 1, "added": 0, "changed": 1, "refused": 0, "questions": 0, "waiting": 0}');
INSERT INTO "runs" VALUES(6,'import','2026-11-09 06:00:00.000000','2026-11-09 06:00:00.000000',0,'{"files": 1, "rows": 1, "added": 1, "changed": 0, "refused": 0, "questions": 0, "waiting": 0}');
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
INSERT INTO "staff" VALUES(2,'店长','manager','2026-11-09 04:00:00.000000');
INSERT INTO "staff" VALUES(3,'小美','agent','2026-11-09 04:00:00.000000');
INSERT INTO "staff" VALUES(4,'阿强','warehouse','2026-11-09 04:00:00.000000');
INSERT INTO "staff" VALUES(5,'财务','finance','2026-11-09 04:00:00.000000');
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
CREATE TRIGGER products_noted_insert AFTER INSERT ON products BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(NEW."sku" AS TEXT), NULL); END;
CREATE TRIGGER products_noted_update AFTER UPDATE ON products WHEN NEW."category" IS NOT OLD."category" OR NEW."cost" IS NOT OLD."cost" OR NEW."price" IS NOT OLD."price" OR NEW."warranty_months" IS NOT OLD."warranty_months" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(OLD."sku" AS TEXT), json_object('category', OLD."category", 'cost', OLD."cost", 'price', OLD."price", 'warranty_months', OLD."warranty_months")); END;
CREATE TRIGGER products_noted_delete AFTER DELETE ON products BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('products', CAST(OLD."sku" AS TEXT), json_object('category', OLD."category", 'cost', OLD."cost", 'price', OLD."price", 'warranty_months', OLD."warranty_months")); END;
CREATE TRIGGER bills_noted_insert AFTER INSERT ON bills BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER bills_noted_update AFTER UPDATE ON bills WHEN NEW."at" IS NOT OLD."at" OR NEW."balance" IS NOT OLD."balance" OR NEW."category" IS NOT OLD."category" OR NEW."currency" IS NOT OLD."currency" OR NEW."fee" IS NOT OLD."fee" OR NEW."format" IS NOT OLD."format" OR NEW."minor" IS NOT OLD."minor" OR NEW."number" IS NOT OLD."number" OR NEW."order_number" IS NOT OLD."order_number" OR NEW."platform" IS NOT OLD."platform" OR NEW."refund_number" IS NOT OLD."refund_number" OR NEW."shop" IS NOT OLD."shop" OR NEW."trade" IS NOT OLD."trade" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'balance', OLD."balance", 'category', OLD."category", 'currency', OLD."currency", 'fee', OLD."fee", 'format', OLD."format", 'minor', OLD."minor", 'number', OLD."number", 'order_number', OLD."order_number", 'platform', OLD."platform", 'refund_number', OLD."refund_number", 'shop', OLD."shop", 'trade', OLD."trade")); END;
CREATE TRIGGER bills_noted_delete AFTER DELETE ON bills BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('bills', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'balance', OLD."balance", 'category', OLD."category", 'currency', OLD."currency", 'fee', OLD."fee", 'format', OLD."format", 'minor', OLD."minor", 'number', OLD."number", 'order_number', OLD."order_number", 'platform', OLD."platform", 'refund_number', OLD."refund_number", 'shop', OLD."shop", 'trade', OLD."trade")); END;
CREATE TRIGGER movements_noted_insert AFTER INSERT ON movements BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('movements', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER movements_noted_update AFTER UPDATE ON movements WHEN NEW."at" IS NOT OLD."at" OR NEW."status" IS NOT OLD."status" OR NEW."waybill" IS NOT OLD."waybill" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('movements', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'status', OLD."status", 'waybill', OLD."waybill")); END;
CREATE TRIGGER movements_noted_delete AFTER DELETE ON movements BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('movements', CAST(OLD."id" AS TEXT), json_object('at', OLD."at", 'status', OLD."status", 'waybill', OLD."waybill")); END;
CREATE TRIGGER order_lines_noted_insert AFTER INSERT ON order_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER order_lines_noted_update AFTER UPDATE ON order_lines WHEN NEW."cash" IS NOT OLD."cash" OR NEW."cash_source" IS NOT OLD."cash_source" OR NEW."confirmed" IS NOT OLD."confirmed" OR NEW."number" IS NOT OLD."number" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."platform_share" IS NOT OLD."platform_share" OR NEW."platform_status" IS NOT OLD."platform_status" OR NEW."position" IS NOT OLD."position" OR NEW."price" IS NOT OLD."price" OR NEW."quantity" IS NOT OLD."quantity" OR NEW."refunded" IS NOT OLD."refunded" OR NEW."refunded_there" IS NOT OLD."refunded_there" OR NEW."sku" IS NOT OLD."sku" OR NEW."stated" IS NOT OLD."stated" OR NEW."status" IS NOT OLD."status" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(OLD."id" AS TEXT), json_object('cash', OLD."cash", 'cash_source', OLD."cash_source", 'confirmed', OLD."confirmed", 'number', OLD."number", 'order_id', OLD."order_id", 'platform_share', OLD."platform_share", 'platform_status', OLD."platform_status", 'position', OLD."position", 'price', OLD."price", 'quantity', OLD."quantity", 'refunded', OLD."refunded", 'refunded_there', OLD."refunded_there", 'sku', OLD."sku", 'stated', OLD."stated", 'status', OLD."status")); END;
CREATE TRIGGER order_lines_noted_delete AFTER DELETE ON order_lines BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('order_lines', CAST(OLD."id" AS TEXT), json_object('cash', OLD."cash", 'cash_source', OLD."cash_source", 'confirmed', OLD."confirmed", 'number', OLD."number", 'order_id', OLD."order_id", 'platform_share', OLD."platform_share", 'platform_status', OLD."platform_status", 'position', OLD."position", 'price', OLD."price", 'quantity', OLD."quantity", 'refunded', OLD."refunded", 'refunded_there', OLD."refunded_there", 'sku', OLD."sku", 'stated', OLD."stated", 'status', OLD."status")); END;
CREATE TRIGGER orders_noted_insert AFTER INSERT ON orders BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER orders_noted_update AFTER UPDATE ON orders WHEN NEW."carrier" IS NOT OLD."carrier" OR NEW."currency" IS NOT OLD."currency" OR NEW."freight" IS NOT OLD."freight" OR NEW."number" IS NOT OLD."number" OR NEW."ordered_at" IS NOT OLD."ordered_at" OR NEW."paid" IS NOT OLD."paid" OR NEW."paid_at" IS NOT OLD."paid_at" OR NEW."payment_number" IS NOT OLD."payment_number" OR NEW."pieces" IS NOT OLD."pieces" OR NEW."platform" IS NOT OLD."platform" OR NEW."platform_status" IS NOT OLD."platform_status" OR NEW."refunded" IS NOT OLD."refunded" OR NEW."refunded_there" IS NOT OLD."refunded_there" OR NEW."shipped" IS NOT OLD."shipped" OR NEW."shipped_at" IS NOT OLD."shipped_at" OR NEW."shop" IS NOT OLD."shop" OR NEW."signed_at" IS NOT OLD."signed_at" OR NEW."signed_by" IS NOT OLD."signed_by" OR NEW."status" IS NOT OLD."status" OR NEW."waybill" IS NOT OLD."waybill" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'currency', OLD."currency", 'freight', OLD."freight", 'number', OLD."number", 'ordered_at', OLD."ordered_at", 'paid', OLD."paid", 'paid_at', OLD."paid_at", 'payment_number', OLD."payment_number", 'pieces', OLD."pieces", 'platform', OLD."platform", 'platform_status', OLD."platform_status", 'refunded', OLD."refunded", 'refunded_there', OLD."refunded_there", 'shipped', OLD."shipped", 'shipped_at', OLD."shipped_at", 'shop', OLD."shop", 'signed_at', OLD."signed_at", 'signed_by', OLD."signed_by", 'status', OLD."status", 'waybill', OLD."waybill")); END;
CREATE TRIGGER orders_noted_delete AFTER DELETE ON orders BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('orders', CAST(OLD."id" AS TEXT), json_object('carrier', OLD."carrier", 'currency', OLD."currency", 'freight', OLD."freight", 'number', OLD."number", 'ordered_at', OLD."ordered_at", 'paid', OLD."paid", 'paid_at', OLD."paid_at", 'payment_number', OLD."payment_number", 'pieces', OLD."pieces", 'platform', OLD."platform", 'platform_status', OLD."platform_status", 'refunded', OLD."refunded", 'refunded_there', OLD."refunded_there", 'shipped', OLD."shipped", 'shipped_at', OLD."shipped_at", 'shop', OLD."shop", 'signed_at', OLD."signed_at", 'signed_by', OLD."signed_by", 'status', OLD."status", 'waybill', OLD."waybill")); END;
CREATE TRIGGER cases_noted_insert AFTER INSERT ON cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(NEW."id" AS TEXT), NULL); END;
CREATE TRIGGER cases_noted_update AFTER UPDATE ON cases WHEN NEW."applied_at" IS NOT OLD."applied_at" OR NEW."asked" IS NOT OLD."asked" OR NEW."because" IS NOT OLD."because" OR NEW."buyer_words" IS NOT OLD."buyer_words" OR NEW."channel" IS NOT OLD."channel" OR NEW."decided_as" IS NOT OLD."decided_as" OR NEW."decided_at" IS NOT OLD."decided_at" OR NEW."decided_by" IS NOT OLD."decided_by" OR NEW."decision" IS NOT OLD."decision" OR NEW."detail" IS NOT OLD."detail" OR NEW."filing" IS NOT OLD."filing" OR NEW."finished_at" IS NOT OLD."finished_at" OR NEW."flag" IS NOT OLD."flag" OR NEW."freight_agreed" IS NOT OLD."freight_agreed" OR NEW."freight_due" IS NOT OLD."freight_due" OR NEW."kind" IS NOT OLD."kind" OR NEW."misused" IS NOT OLD."misused" OR NEW."note" IS NOT OLD."note" OR NEW."number" IS NOT OLD."number" OR NEW."opened" IS NOT OLD."opened" OR NEW."opened_at" IS NOT OLD."opened_at" OR NEW."order_id" IS NOT OLD."order_id" OR NEW."owner" IS NOT OLD."owner" OR NEW."payment_number" IS NOT OLD."payment_number" OR NEW."platform" IS NOT OLD."platform" OR NEW."platform_amount" IS NOT OLD."platform_amount" OR NEW."platform_due_at" IS NOT OLD."platform_due_at" OR NEW."platform_estimated" IS NOT OLD."platform_estimated" OR NEW."platform_instant" IS NOT OLD."platform_instant" OR NEW."platform_kind" IS NOT OLD."platform_kind" OR NEW."platform_mark" IS NOT OLD."platform_mark" OR NEW."platform_number" IS NOT OLD."platform_number" OR NEW."platform_refunded_by" IS NOT OLD."platform_refunded_by" OR NEW."platform_reviewed_by" IS NOT OLD."platform_reviewed_by" OR NEW."platform_seen_at" IS NOT OLD."platform_seen_at" OR NEW."platform_state" IS NOT OLD."platform_state" OR NEW."platform_status" IS NOT OLD."platform_status" OR NEW."platform_succeeded_at" IS NOT OLD."platform_succeeded_at" OR NEW."platform_way" IS NOT OLD."platform_way" OR NEW."policy" IS NOT OLD."policy" OR NEW."reason_set" IS NOT OLD."reason_set" OR NEW."reason_stated" IS NOT OLD."reason_stated" OR NEW."reason_verified" IS NOT OLD."reason_verified" OR NEW."tier" IS NOT OLD."tier" OR NEW."version" IS NOT OLD."version" BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(OLD."id" AS TEXT), json_object('applied_at', OLD."applied_at", 'asked', OLD."asked", 'because', OLD."because", 'buyer_words', OLD."buyer_words", 'channel', OLD."channel", 'decided_as', OLD."decided_as", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'decision', OLD."decision", 'detail', OLD."detail", 'filing', OLD."filing", 'finished_at', OLD."finished_at", 'flag', OLD."flag", 'freight_agreed', OLD."freight_agreed", 'freight_due', OLD."freight_due", 'kind', OLD."kind", 'misused', OLD."misused", 'note', OLD."note", 'number', OLD."number", 'opened', OLD."opened", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'owner', OLD."owner", 'payment_number', OLD."payment_number", 'platform', OLD."platform", 'platform_amount', OLD."platform_amount", 'platform_due_at', OLD."platform_due_at", 'platform_estimated', OLD."platform_estimated", 'platform_instant', OLD."platform_instant", 'platform_kind', OLD."platform_kind", 'platform_mark', OLD."platform_mark", 'platform_number', OLD."platform_number", 'platform_refunded_by', OLD."platform_refunded_by", 'platform_reviewed_by', OLD."platform_reviewed_by", 'platform_seen_at', OLD."platform_seen_at", 'platform_state', OLD."platform_state", 'platform_status', OLD."platform_status", 'platform_succeeded_at', OLD."platform_succeeded_at", 'platform_way', OLD."platform_way", 'policy', OLD."policy", 'reason_set', OLD."reason_set", 'reason_stated', OLD."reason_stated", 'reason_verified', OLD."reason_verified", 'tier', OLD."tier", 'version', OLD."version")); END;
CREATE TRIGGER cases_noted_delete AFTER DELETE ON cases BEGIN INSERT INTO changed_rows (name, key, was) VALUES ('cases', CAST(OLD."id" AS TEXT), json_object('applied_at', OLD."applied_at", 'asked', OLD."asked", 'because', OLD."because", 'buyer_words', OLD."buyer_words", 'channel', OLD."channel", 'decided_as', OLD."decided_as", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'decision', OLD."decision", 'detail', OLD."detail", 'filing', OLD."filing", 'finished_at', OLD."finished_at", 'flag', OLD."flag", 'freight_agreed', OLD."freight_agreed", 'freight_due', OLD."freight_due", 'kind', OLD."kind", 'misused', OLD."misused", 'note', OLD."note", 'number', OLD."number", 'opened', OLD."opened", 'opened_at', OLD."opened_at", 'order_id', OLD."order_id", 'owner', OLD."owner", 'payment_number', OLD."payment_number", 'platform', OLD."platform", 'platform_amount', OLD."platform_amount", 'platform_due_at', OLD."platform_due_at", 'platform_estimated', OLD."platform_estimated", 'platform_instant', OLD."platform_instant", 'platform_kind', OLD."platform_kind", 'platform_mark', OLD."platform_mark", 'platform_number', OLD."platform_number", 'platform_refunded_by', OLD."platform_refunded_by", 'platform_reviewed_by', OLD."platform_reviewed_by", 'platform_seen_at', OLD."platform_seen_at", 'platform_state', OLD."platform_state", 'platform_status', OLD."platform_status", 'platform_succeeded_at', OLD."platform_succeeded_at", 'platform_way', OLD."platform_way", 'policy', OLD."policy", 'reason_set', OLD."reason_set", 'reason_stated', OLD."reason_stated", 'reason_verified', OLD."reason_verified", 'tier', OLD."tier", 'version', OLD."version")); END;
COMMIT;
