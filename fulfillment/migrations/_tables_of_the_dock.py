"""Picklists, manifests, hand-overs, invoices and papers, as these tables are (docs/adr/0029)."""

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed
from decimal import Decimal

TABLES = [
    migrations.CreateModel(
        name='Picklist',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('number', models.IntegerField(db_default=oms.kernel.identifiers.NextNumber('fulfillment_picklist_number_seq'), unique=True)),
            ('external_code', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ('kind', models.CharField(choices=[('MANUAL', 'Made of named tasks'), ('WAVE', 'Made by criteria')], default='MANUAL', max_length=8)),
            ('criteria', models.JSONField(default=dict)),
            ('status', models.CharField(choices=[('OPEN', 'Open'), ('CLOSED', 'Closed')], default='OPEN', max_length=8)),
            ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ('closed_at', models.DateTimeField(null=True)),
            ('created_by', models.CharField(max_length=160)),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint')),
            ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
        ],
        options={
            'permissions': [('work_at_dock', 'Can make picklists, manifests and hand-overs')],
            'indexes': [
                models.Index(fields=['organization', 'id'], name='fulfillment_picklist_org_idx'),
                models.Index(fields=['point', 'status', 'id'], name='fulfillment_picklist_point_idx'),
            ],
            'constraints': [
                models.UniqueConstraint(condition=models.Q(('external_code', ''), _negated=True), fields=('point', 'channel', 'external_code'), name='fulfillment_picklist_code_uniq', nulls_distinct=False),
                models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('status', 'OPEN')), models.Q(('closed_at__isnull', False), ('status', 'CLOSED')), _connector='OR'), name='fulfillment_picklist_closed_has_time'),
                models.CheckConstraint(condition=models.Q(('kind__in', ['MANUAL', 'WAVE'])), name='fulfillment_picklist_kind_known'),
            ],
        },
    ),
    migrations.CreateModel(
        name='PicklistEntry',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('position', models.PositiveIntegerField(help_text='From 1, in the order of picking')),
            ('is_active', models.BooleanField(db_default=True, default=True)),
            ('is_original', models.BooleanField(db_default=True, default=True, help_text='Off: added to the list later')),
            ('added_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ('picklist', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='fulfillment.picklist')),
            ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='picklist_entries', to='fulfillment.fulfillmenttask')),
        ],
        options={
            'constraints': [
                models.UniqueConstraint(fields=('picklist', 'position'), name='fulfillment_picklistentry_place_uniq'),
                models.UniqueConstraint(fields=('task', 'picklist'), name='fulfillment_picklistentry_uniq'),
                models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('task',), name='fulfillment_picklistentry_active_uniq'),
                models.CheckConstraint(condition=models.Q(('position__gt', 0)), name='fulfillment_picklistentry_place_positive'),
            ],
        },
    ),
    migrations.CreateModel(
        name='Manifest',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('number', models.CharField(db_default=oms.kernel.identifiers.PrefixedNumber('MF', 'fulfillment_manifest_seq'), max_length=32, unique=True)),
            ('carrier', models.CharField(max_length=255)),
            ('external_code', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ('created_by', models.CharField(max_length=160)),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint')),
            ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
        ],
        options={
            'indexes': [
                models.Index(fields=['organization', 'id'], name='fulfillment_manifest_org_idx'),
                models.Index(fields=['point', 'id'], name='fulfillment_manifest_point_idx'),
            ],
            'constraints': [
                models.CheckConstraint(condition=models.Q(('carrier', ''), _negated=True), name='fulfillment_manifest_carrier_named'),
            ],
        },
    ),
    migrations.CreateModel(
        name='ManifestParcel',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('manifest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='fulfillment.manifest')),
            ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='manifest_entry', to='fulfillment.parcel')),
        ],
    ),
    migrations.CreateModel(
        name='Handover',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
            ('number', models.CharField(db_default=oms.kernel.identifiers.PrefixedNumber('HO', 'fulfillment_handover_seq'), max_length=32, unique=True)),
            ('carrier', models.CharField(max_length=255)),
            ('vehicle_number', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ('remarks', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ('lr_number', models.CharField(blank=True, db_default='', default='', max_length=255, verbose_name='lorry receipt')),
            ('eway_bill', oms.kernel.sealed.SealedField(null=True, verbose_name='e-way bill')),
            ('signed_at', models.DateTimeField(help_text='When the signed paper was filed', null=True)),
            ('handed_over_at', models.DateTimeField()),
            ('created_by', models.CharField(max_length=160)),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint')),
            ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
            ('signed_content', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.storedcontent')),
        ],
        options={
            'indexes': [
                models.Index(fields=['organization', 'id'], name='fulfillment_handover_org_idx'),
                models.Index(fields=['point', 'id'], name='fulfillment_handover_point_idx'),
            ],
            'constraints': [
                models.CheckConstraint(condition=models.Q(('carrier', ''), _negated=True), name='fulfillment_handover_carrier_named'),
                models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', True), ('signed_content__isnull', True)), models.Q(('signed_at__isnull', False), ('signed_content__isnull', False)), _connector='OR'), name='fulfillment_handover_signed_has_time'),
            ],
        },
    ),
    migrations.CreateModel(
        name='HandoverParcel',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('is_taken', models.BooleanField(db_default=True, default=True)),
            ('handover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='fulfillment.handover')),
            ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handover_entries', to='fulfillment.parcel')),
        ],
        options={
            'constraints': [
                models.UniqueConstraint(fields=('handover', 'parcel'), name='fulfillment_handoverparcel_uniq'),
                models.UniqueConstraint(condition=models.Q(('is_taken', True)), fields=('parcel',), name='fulfillment_handoverparcel_taken_uniq'),
            ],
        },
    ),
    migrations.CreateModel(
        name='ShelfPlace',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
            ('shelf', models.CharField(help_text='As it is written on the shelf: A-02-3', max_length=64)),
            ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='locations.fulfillmentpoint')),
            ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku')),
        ],
        options={
            'verbose_name': 'shelf',
            'verbose_name_plural': 'shelves',
            'constraints': [
                models.UniqueConstraint(fields=('point', 'sku'), name='fulfillment_shelf_uniq'),
                models.CheckConstraint(condition=models.Q(('shelf', ''), _negated=True), name='fulfillment_shelf_named'),
            ],
        },
    ),
    migrations.CreateModel(
        name='InvoiceLine',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('quantity', models.PositiveIntegerField()),
            ('unit_net', models.DecimalField(decimal_places=4, max_digits=18)),
            ('unit_tax', models.DecimalField(decimal_places=4, max_digits=18)),
            ('unit_gross', models.DecimalField(decimal_places=4, max_digits=18)),
            ('net_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('tax_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('gross_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('taxes', models.JSONField(default=list)),
            ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfillment.invoice')),
            ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoice_lines', to='orders.orderline')),
        ],
        options={
            'constraints': [
                models.UniqueConstraint(fields=('invoice', 'order_line'), name='fulfillment_invoiceline_uniq'),
                models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='fulfillment_invoiceline_positive'),
                models.CheckConstraint(condition=models.Q(('gross_total', django.db.models.expressions.CombinedExpression(models.F('net_total'), '+', models.F('tax_total')))), name='fulfillment_invoiceline_adds_up'),
            ],
        },
    ),
    migrations.CreateModel(
        name='InvoiceSeries',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('kind', models.CharField(choices=[('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note')], max_length=12)),
            ('year', models.PositiveSmallIntegerField()),
            ('last_number', models.PositiveIntegerField(db_default=0, default=0)),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('seller', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.seller')),
        ],
        options={
            'verbose_name_plural': 'invoice series',
            'constraints': [
                models.UniqueConstraint(fields=('organization', 'seller', 'kind', 'year'), name='fulfillment_invoiceseries_uniq', nulls_distinct=False),
                models.CheckConstraint(condition=models.Q(('kind__in', ['INVOICE', 'CREDIT_NOTE'])), name='fulfillment_invoiceseries_kind'),
            ],
        },
    ),
    migrations.CreateModel(
        name='PaperSettings',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
            ('language', models.CharField(choices=[('en', 'English'), ('vi', 'Vietnamese')], default='en', max_length=2)),
            ('tax_type', models.CharField(default='VAT', help_text='What the tax is called on invoices', max_length=16)),
            ('tax_rate', models.DecimalField(decimal_places=3, default=0, help_text='Percent, for order lines that name no tax; prices include it', max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(Decimal('99.999'))])),
            ('issuer_name', models.CharField(blank=True, default='', help_text="Empty: the organization's name", max_length=255)),
            ('issuer_address', models.TextField(blank=True, default='', help_text='One line each')),
            ('issuer_tax_code', models.CharField(blank=True, default='', max_length=32)),
            ('footnote', models.CharField(blank=True, default='', help_text='At the foot of every page', max_length=255)),
            ('organization', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper_settings', to='accounts.organization')),
        ],
        options={
            'verbose_name_plural': 'paper settings',
            'constraints': [
                models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lt', 100)), name='fulfillment_papersettings_rate_fits'),
                models.CheckConstraint(condition=models.Q(('language__in', ['en', 'vi'])), name='fulfillment_papersettings_language_known'),
            ],
        },
    ),
    migrations.CreateModel(
        name='DocumentTemplate',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('kind', models.CharField(choices=[('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note'), ('PACKING_SLIP', 'Packing slip'), ('MANIFEST', 'Manifest'), ('HANDOVER', 'Hand-over')], max_length=16)),
            ('number', models.PositiveIntegerField(verbose_name='version')),
            ('source', models.TextField(blank=True)),
            ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ('created_by', models.CharField(max_length=160)),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='document_templates', to='accounts.organization')),
        ],
        options={
            'constraints': [
                models.UniqueConstraint(fields=('organization', 'kind', 'number'), name='fulfillment_template_uniq'),
                models.CheckConstraint(condition=models.Q(('kind__in', ['INVOICE', 'CREDIT_NOTE', 'PACKING_SLIP', 'MANIFEST', 'HANDOVER'])), name='fulfillment_template_kind_known'),
            ],
        },
    ),
    migrations.CreateModel(
        name='Invoice',
        fields=[
            ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ('number', models.PositiveIntegerField()),
            ('code', models.CharField(help_text='As printed: `INV-2026-000417`', max_length=64)),
            ('kind', models.CharField(choices=[('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note')], max_length=12)),
            ('reason', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ('cause', models.CharField(blank=True, db_default='', default='', help_text='What a credit note is for, such as a return; each once', max_length=64)),
            ('issued_at', models.DateTimeField()),
            ('currency', models.CharField(max_length=3)),
            ('net_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('tax_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('gross_total', models.DecimalField(decimal_places=4, max_digits=18)),
            ('voided_at', models.DateTimeField(null=True)),
            ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='fulfillment.invoice')),
            ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='orders.order')),
            ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='fulfillment.parcel')),
            ('seller', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.seller')),
            ('series', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='fulfillment.invoiceseries')),
        ],
        options={
            'permissions': [('correct_invoice', 'Can issue credit notes')],
            'indexes': [
                models.Index(fields=['organization', '-id'], name='fulfillment_invoice_org_idx'),
                models.Index(fields=['code'], name='fulfillment_invoice_code_idx'),
            ],
            'constraints': [
                models.UniqueConstraint(fields=('series', 'number'), name='fulfillment_invoice_number_uniq'),
                models.UniqueConstraint(condition=models.Q(('kind', 'INVOICE'), ('voided_at__isnull', True)), fields=('parcel',), name='fulfillment_invoice_live_uniq'),
                models.UniqueConstraint(condition=models.Q(('cause', ''), _negated=True), fields=('corrects', 'cause'), name='fulfillment_invoice_cause_uniq'),
                models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'INVOICE')), models.Q(('corrects__isnull', False), ('kind', 'CREDIT_NOTE'), ('voided_at__isnull', True)), _connector='OR'), name='fulfillment_invoice_corrects_one'),
                models.CheckConstraint(condition=models.Q(('gross_total', django.db.models.expressions.CombinedExpression(models.F('net_total'), '+', models.F('tax_total')))), name='fulfillment_invoice_adds_up'),
                models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='fulfillment_invoice_number_positive'),
            ],
        },
    ),
]
