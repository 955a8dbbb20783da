"""The first schema: orders, cases, money, parcels, imports, and the chain of events."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.database.migrations import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes every table, index and trigger."""
    op.create_table('anchors',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('seq', WHOLE, nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_anchors_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anchors')),
    sqlite_strict=True
    )
    op.create_table('counters',
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('last', WHOLE, nullable=False),
    sa.PrimaryKeyConstraint('series', name=op.f('pk_counters')),
    sqlite_strict=True
    )
    op.create_table('events',
    sa.Column('seq', WHOLE, nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('operator', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('payload', sa.String(), nullable=False),
    sa.Column('rehearsal', sa.Boolean(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_events')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_events_subject'), 'events', ['subject'], unique=False)
    op.create_table('imports',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('holds', sa.String(), nullable=False),
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('progress', sa.String(), nullable=False),
    sa.Column('rows', WHOLE, nullable=False),
    sa.Column('added', WHOLE, nullable=False),
    sa.Column('changed', WHOLE, nullable=False),
    sa.Column('unchanged', WHOLE, nullable=False),
    sa.Column('refused', WHOLE, nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=False),
    sa.Column('done_at', UTCDateTime(), nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports')),
    sa.UniqueConstraint('sha256', 'shop', name=op.f('uq_imports_sha256_shop')),
    sqlite_strict=True
    )
    op.create_table('operations',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request', sa.String(), nullable=False),
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('operator', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_operations')),
    sqlite_strict=True
    )
    op.create_table('orders',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('platform_status', sa.String(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('paid', WHOLE, nullable=False),
    sa.Column('freight', WHOLE, nullable=False),
    sa.Column('pieces', WHOLE, nullable=True),
    sa.Column('buyer', sa.String(), nullable=False),
    sa.Column('receiver', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('phone_tail', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('buyer_remark', sa.String(), nullable=False),
    sa.Column('seller_remark', sa.String(), nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('ordered_at', UTCDateTime(), nullable=True),
    sa.Column('paid_at', UTCDateTime(), nullable=True),
    sa.Column('shipped_at', UTCDateTime(), nullable=True),
    sa.Column('signed_at', UTCDateTime(), nullable=True),
    sa.Column('signed_by', sa.String(), nullable=False),
    sa.CheckConstraint('paid >= 0 AND freight >= 0', name=op.f('ck_orders_amounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('platform', 'number', name=op.f('uq_orders_platform_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_orders_buyer'), 'orders', ['buyer'], unique=False)
    op.create_index(op.f('ix_orders_number'), 'orders', ['number'], unique=False)
    op.create_index(op.f('ix_orders_phone_tail'), 'orders', ['phone_tail'], unique=False)
    op.create_index(op.f('ix_orders_waybill'), 'orders', ['waybill'], unique=False)
    op.create_table('parcels',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('received_at', UTCDateTime(), nullable=True),
    sa.Column('received_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcels')),
    sa.UniqueConstraint('number', name=op.f('uq_parcels_number')),
    sa.UniqueConstraint('waybill', name=op.f('uq_parcels_waybill')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_parcels_state'), 'parcels', ['state'], unique=False)
    op.create_table('products',
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('cost', WHOLE, nullable=True),
    sa.Column('price', WHOLE, nullable=True),
    sa.Column('warranty_months', WHOLE, nullable=False),
    sa.PrimaryKeyConstraint('sku', name=op.f('pk_products')),
    sqlite_strict=True
    )
    op.create_table('staff',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('name', name=op.f('uq_staff_name')),
    sqlite_strict=True
    )
    op.create_table('stock_balances',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('bucket', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_stock_balances_not_below_zero')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_balances')),
    sa.UniqueConstraint('sku', 'bucket', name=op.f('uq_stock_balances_sku_bucket')),
    sqlite_strict=True
    )
    op.create_table('barcodes',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['sku'], ['products.sku'], name=op.f('fk_barcodes_sku')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_barcodes')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_barcodes_sku'), 'barcodes', ['sku'], unique=False)
    op.create_table('cases',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('filing', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('reason_stated', sa.String(), nullable=False),
    sa.Column('reason_set', sa.String(), nullable=False),
    sa.Column('reason_verified', sa.String(), nullable=False),
    sa.Column('buyer_words', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('want_sku', sa.String(), nullable=False),
    sa.Column('asked', WHOLE, nullable=True),
    sa.Column('freight_due', WHOLE, nullable=False),
    sa.Column('applied_at', UTCDateTime(), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('finished_at', UTCDateTime(), nullable=True),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('policy', sa.String(), nullable=False),
    sa.Column('platform_number', sa.String(), nullable=True),
    sa.Column('platform_status', sa.String(), nullable=False),
    sa.Column('platform_amount', WHOLE, nullable=True),
    sa.Column('platform_due_at', UTCDateTime(), nullable=True),
    sa.Column('platform_succeeded_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_cases_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('number', name=op.f('uq_cases_number')),
    sa.UniqueConstraint('platform', 'platform_number', name=op.f('uq_cases_platform_platform_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_cases_decision'), 'cases', ['decision'], unique=False)
    op.create_index(op.f('ix_cases_filing'), 'cases', ['filing'], unique=False)
    op.create_index(op.f('ix_cases_order_id'), 'cases', ['order_id'], unique=False)
    op.create_table('import_faults',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('column', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_faults_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_faults')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_import_faults_import_id'), 'import_faults', ['import_id'], unique=False)
    op.create_table('import_questions',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('known', sa.String(), nullable=False),
    sa.Column('found', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_questions_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_questions')),
    sa.UniqueConstraint('subject', 'field', 'found', name=op.f('uq_import_questions_subject_field_found')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_import_questions_import_id'), 'import_questions', ['import_id'], unique=False)
    op.create_table('order_lines',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('position', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('variant', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('price', WHOLE, nullable=False),
    sa.Column('stated', WHOLE, nullable=True),
    sa.Column('cash', WHOLE, nullable=False),
    sa.Column('cash_source', sa.String(), nullable=False),
    sa.Column('platform_status', sa.String(), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.CheckConstraint('cash >= 0', name=op.f('ck_order_lines_cash')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines')),
    sa.UniqueConstraint('order_id', 'number', name=op.f('uq_order_lines_order_id_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_order_lines_number'), 'order_lines', ['number'], unique=False)
    op.create_index(op.f('ix_order_lines_order_id'), 'order_lines', ['order_id'], unique=False)
    op.create_index(op.f('ix_order_lines_sku'), 'order_lines', ['sku'], unique=False)
    op.create_table('parcel_counts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('counted', WHOLE, nullable=False),
    sa.Column('inspected', WHOLE, nullable=False),
    sa.CheckConstraint('inspected >= 0 AND inspected <= counted', name=op.f('ck_parcel_counts_inspected')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_parcel_counts_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_counts')),
    sa.UniqueConstraint('parcel_id', 'sku', name=op.f('uq_parcel_counts_parcel_id_sku')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_parcel_counts_parcel_id'), 'parcel_counts', ['parcel_id'], unique=False)
    op.create_table('stock_moves',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stock_moves_quantity')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_stock_moves_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_moves')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_stock_moves_parcel_id'), 'stock_moves', ['parcel_id'], unique=False)
    op.create_index(op.f('ix_stock_moves_sku'), 'stock_moves', ['sku'], unique=False)
    op.create_table('waiting_rows',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('import_id', WHOLE, nullable=False),
    sa.Column('platform', sa.String(), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('holds', sa.String(), nullable=False),
    sa.Column('order_number', sa.String(), nullable=False),
    sa.Column('line_number', sa.String(), nullable=False),
    sa.Column('row', WHOLE, nullable=False),
    sa.Column('payload', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_waiting_rows_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_rows')),
    sa.UniqueConstraint('platform', 'holds', 'order_number', 'line_number', name=op.f('uq_waiting_rows_platform_holds_order_number_line_number')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_waiting_rows_import_id'), 'waiting_rows', ['import_id'], unique=False)
    op.create_index(op.f('ix_waiting_rows_order_number'), 'waiting_rows', ['order_number'], unique=False)
    op.create_table('case_lines',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('line_id', WHOLE, nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('due', WHOLE, nullable=False),
    sa.CheckConstraint('quantity >= 0 AND due >= 0', name=op.f('ck_case_lines_amounts')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_lines_case_id')),
    sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_case_lines_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_lines')),
    sa.UniqueConstraint('case_id', 'line_id', name=op.f('uq_case_lines_case_id_line_id')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_case_lines_case_id'), 'case_lines', ['case_id'], unique=False)
    op.create_index(op.f('ix_case_lines_line_id'), 'case_lines', ['line_id'], unique=False)
    op.create_table('draws',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('line_id', WHOLE, nullable=True),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('units', WHOLE, nullable=False),
    sa.Column('share', WHOLE, nullable=False),
    sa.Column('cash', WHOLE, nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_draws_case_id')),
    sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_draws_line_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_draws_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draws')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_draws_case_id'), 'draws', ['case_id'], unique=False)
    op.create_index(op.f('ix_draws_line_id'), 'draws', ['line_id'], unique=False)
    op.create_index(op.f('ix_draws_order_id'), 'draws', ['order_id'], unique=False)
    op.create_table('evidence',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_evidence_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('case_id', 'sha256', name=op.f('uq_evidence_case_id_sha256')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_evidence_case_id'), 'evidence', ['case_id'], unique=False)
    op.create_table('parcel_cases',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_parcel_cases_case_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_parcel_cases_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_cases')),
    sa.UniqueConstraint('parcel_id', 'case_id', name=op.f('uq_parcel_cases_parcel_id_case_id')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_parcel_cases_case_id'), 'parcel_cases', ['case_id'], unique=False)
    op.create_index(op.f('ix_parcel_cases_parcel_id'), 'parcel_cases', ['parcel_id'], unique=False)
    op.create_table('payouts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('request', sa.String(), nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('payee', sa.String(), nullable=False),
    sa.Column('minor', WHOLE, nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('settled_at', UTCDateTime(), nullable=True),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('reverses_id', WHOLE, nullable=True),
    sa.CheckConstraint('(minor < 0) = (reverses_id IS NOT NULL)', name=op.f('ck_payouts_sign')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> decided_by', name=op.f('ck_payouts_second_person')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_payouts_case_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payouts_order_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['payouts.id'], name=op.f('fk_payouts_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payouts')),
    sa.UniqueConstraint('number', name=op.f('uq_payouts_number')),
    sa.UniqueConstraint('request', name=op.f('uq_payouts_request')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_payouts_reverses_id')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_payouts_case_id'), 'payouts', ['case_id'], unique=False)
    op.create_index(op.f('ix_payouts_order_id'), 'payouts', ['order_id'], unique=False)
    op.create_index(op.f('ix_payouts_reverses_id'), 'payouts', ['reverses_id'], unique=False)
    op.create_index(op.f('ix_payouts_state'), 'payouts', ['state'], unique=False)
    op.create_table('platform_actions',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('money', WHOLE, nullable=False),
    sa.Column('missed', WHOLE, nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_platform_actions_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_actions')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_platform_actions_case_id'), 'platform_actions', ['case_id'], unique=False)
    op.create_index(op.f('ix_platform_actions_state'), 'platform_actions', ['state'], unique=False)
    op.create_table('replacements',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', WHOLE, nullable=False),
    sa.Column('waybill', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('shipped_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_replacements_quantity')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_replacements_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replacements')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_replacements_case_id'), 'replacements', ['case_id'], unique=False)
    op.create_index(op.f('ix_replacements_waybill'), 'replacements', ['waybill'], unique=False)
    op.create_table('waivers',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('case_id', WHOLE, nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_waivers_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waivers')),
    sa.UniqueConstraint('case_id', 'rule', name=op.f('uq_waivers_case_id_rule')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_waivers_case_id'), 'waivers', ['case_id'], unique=False)
    op.create_table('inspections',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('parcel_id', WHOLE, nullable=False),
    sa.Column('case_line_id', WHOLE, nullable=True),
    sa.Column('sku', sa.String(), nullable=False),
    sa.Column('quantity', WHOLE, nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('disposition', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_inspections_quantity')),
    sa.ForeignKeyConstraint(['case_line_id'], ['case_lines.id'], name=op.f('fk_inspections_case_line_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcels.id'], name=op.f('fk_inspections_parcel_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspections')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_inspections_case_line_id'), 'inspections', ['case_line_id'], unique=False)
    op.create_index(op.f('ix_inspections_parcel_id'), 'inspections', ['parcel_id'], unique=False)
    op.create_table('payout_parts',
    sa.Column('id', WHOLE, nullable=False),
    sa.Column('payout_id', WHOLE, nullable=False),
    sa.Column('order_id', WHOLE, nullable=False),
    sa.Column('line_id', WHOLE, nullable=True),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('minor', WHOLE, nullable=False),
    sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_payout_parts_line_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payout_parts_order_id')),
    sa.ForeignKeyConstraint(['payout_id'], ['payouts.id'], name=op.f('fk_payout_parts_payout_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_parts')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_payout_parts_line_id'), 'payout_parts', ['line_id'], unique=False)
    op.create_index(op.f('ix_payout_parts_order_id'), 'payout_parts', ['order_id'], unique=False)
    op.create_index(op.f('ix_payout_parts_payout_id'), 'payout_parts', ['payout_id'], unique=False)
    for statement in triggers.statements(op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", "\\:")))
