"""Invoices without gaps, papers of anything, and their templates."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_usernames_of_increff'),
        ('channels_app', '0002_external_systems'),
        ('fulfillment', '0006_dock'),
        ('orders', '0007_sealed_data_inline'),
    ]

    operations = [
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
            ],
        ),
        migrations.CreateModel(
            name='InvoiceSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('last_number', models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name_plural': 'invoice series',
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
            ],
            options={
                'verbose_name_plural': 'paper settings',
            },
        ),
        migrations.AddField(
            model_name='document',
            name='handover',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='fulfillment.handover'),
        ),
        migrations.AddField(
            model_name='document',
            name='manifest',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='fulfillment.manifest'),
        ),
        migrations.AddField(
            model_name='document',
            name='picklist',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='fulfillment.picklist'),
        ),
        migrations.AddField(
            model_name='parcel',
            name='package_sku',
            field=models.CharField(blank=True, db_default='', default='', help_text='Packing material used', max_length=255),
        ),
        migrations.AddField(
            model_name='parcelitem',
            name='serials',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, db_default=[], default=list, help_text='Of the units, where the point told them', size=None),
        ),
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('LABEL', 'Shipping label'), ('INVOICE', 'Invoice'), ('CREDIT_NOTE', 'Credit note'), ('PACKING_SLIP', 'Packing slip'), ('MANIFEST', 'Manifest'), ('HANDOVER', 'Hand-over')], max_length=16),
        ),
        migrations.AlterField(
            model_name='document',
            name='parcel',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='fulfillment.parcel'),
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
            ],
            options={
                'permissions': [('correct_invoice', 'Can issue credit notes')],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='invoice',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='fulfillment.invoice'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('invoice__isnull', False), models.Q(('status', 'VOID'), _negated=True)), fields=('invoice', 'kind'), name='fulfillment_document_invoice_uniq'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('manifest__isnull', False), models.Q(('status', 'VOID'), _negated=True)), fields=('manifest', 'kind'), name='fulfillment_document_manifest_uniq'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('handover__isnull', False), models.Q(('status', 'VOID'), _negated=True)), fields=('handover', 'kind'), name='fulfillment_document_handover_uniq'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('picklist__isnull', False), models.Q(('status', 'VOID'), _negated=True)), fields=('picklist', 'kind'), name='fulfillment_document_picklist_uniq'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handover__isnull', True), ('invoice__isnull', True), ('manifest__isnull', True), ('parcel__isnull', False), ('picklist__isnull', True)), models.Q(('handover__isnull', True), ('invoice__isnull', False), ('manifest__isnull', True), ('parcel__isnull', True), ('picklist__isnull', True)), models.Q(('handover__isnull', True), ('invoice__isnull', True), ('manifest__isnull', False), ('parcel__isnull', True), ('picklist__isnull', True)), models.Q(('handover__isnull', False), ('invoice__isnull', True), ('manifest__isnull', True), ('parcel__isnull', True), ('picklist__isnull', True)), models.Q(('handover__isnull', True), ('invoice__isnull', True), ('manifest__isnull', True), ('parcel__isnull', True), ('picklist__isnull', False)), _connector='OR'), name='fulfillment_document_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'LABEL'), _negated=True), ('parcel__isnull', False), _connector='OR'), name='fulfillment_document_label_of_parcel'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['LABEL', 'INVOICE', 'CREDIT_NOTE', 'PACKING_SLIP', 'MANIFEST', 'HANDOVER'])), name='fulfillment_document_kind_known'),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='invoice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfillment.invoice'),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='order_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoice_lines', to='orders.orderline'),
        ),
        migrations.AddField(
            model_name='invoiceseries',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='invoiceseries',
            name='seller',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.seller'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='series',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='fulfillment.invoiceseries'),
        ),
        migrations.AddField(
            model_name='papersettings',
            name='organization',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper_settings', to='accounts.organization'),
        ),
        migrations.AddConstraint(
            model_name='documenttemplate',
            constraint=models.UniqueConstraint(fields=('organization', 'kind', 'number'), name='fulfillment_template_uniq'),
        ),
        migrations.AddConstraint(
            model_name='documenttemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['INVOICE', 'CREDIT_NOTE', 'PACKING_SLIP', 'MANIFEST', 'HANDOVER'])), name='fulfillment_template_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('invoice', 'order_line'), name='fulfillment_invoiceline_uniq'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='fulfillment_invoiceline_positive'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('gross_total', django.db.models.expressions.CombinedExpression(models.F('net_total'), '+', models.F('tax_total')))), name='fulfillment_invoiceline_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='invoiceseries',
            constraint=models.UniqueConstraint(fields=('organization', 'seller', 'kind', 'year'), name='fulfillment_invoiceseries_uniq', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='invoiceseries',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['INVOICE', 'CREDIT_NOTE'])), name='fulfillment_invoiceseries_kind'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['organization', '-id'], name='fulfillment_invoice_org_idx'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['code'], name='fulfillment_invoice_code_idx'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='fulfillment_invoice_number_uniq'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'INVOICE'), ('voided_at__isnull', True)), fields=('parcel',), name='fulfillment_invoice_live_uniq'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', ''), _negated=True), fields=('corrects', 'cause'), name='fulfillment_invoice_cause_uniq'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'INVOICE')), models.Q(('corrects__isnull', False), ('kind', 'CREDIT_NOTE'), ('voided_at__isnull', True)), _connector='OR'), name='fulfillment_invoice_corrects_one'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('gross_total', django.db.models.expressions.CombinedExpression(models.F('net_total'), '+', models.F('tax_total')))), name='fulfillment_invoice_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='fulfillment_invoice_number_positive'),
        ),
        migrations.AddConstraint(
            model_name='papersettings',
            constraint=models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lt', 100)), name='fulfillment_papersettings_rate_fits'),
        ),
        migrations.AddConstraint(
            model_name='papersettings',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'vi'])), name='fulfillment_papersettings_language_known'),
        ),
    ]
