"""Customers of the organization itself: personal data sealed, addresses, a version."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import oms.kernel.identifiers
import oms.kernel.sealed
from django.db import migrations, models

from oms.kernel.schema import raise_version


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_machines'),
        ('channels_app', '0001_initial'),
        ('orders', '0005_open_api_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('is_default', models.BooleanField(default=False)),
                ('address', oms.kernel.sealed.SealedField()),
            ],
        ),
        migrations.AlterModelOptions(
            name='customer',
            options={'permissions': [('block_customer', 'Can block customers'), ('export_customer', "Can export customers' personal data")]},
        ),
        migrations.AddField(
            model_name='customer',
            name='changed_at',
            field=models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow()),
        ),
        migrations.AddField(
            model_name='customer',
            name='email_hash',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='name_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='customer',
            name='personal',
            field=oms.kernel.sealed.SealedField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='phone_hash',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='status',
            field=models.CharField(choices=[('ACTIVE', 'Active'), ('BLOCKED', 'Blocked')], db_default='ACTIVE', default='ACTIVE', max_length=8),
        ),
        migrations.AddField(
            model_name='customer',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='customer',
            name='type',
            field=models.CharField(choices=[('PERSON', 'Person'), ('COMPANY', 'Company')], db_default='PERSON', default='PERSON', max_length=8),
        ),
        migrations.AddField(
            model_name='customer',
            name='version',
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='customer',
            name='channel',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='customers', to='channels_app.channel'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='external_id',
            field=models.CharField(blank=True, max_length=128, null=True, verbose_name='number'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('channel__isnull', True)), fields=['organization', 'created_at', 'id'], name='orders_customer_recent_idx'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('channel__isnull', True)), fields=['organization', 'changed_at', 'id'], name='orders_customer_changed_idx'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('email_hash__isnull', False)), fields=['email_hash'], name='orders_customer_email_idx'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('phone_hash__isnull', False)), fields=['phone_hash'], name='orders_customer_phone_idx'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('name_keys', []), _negated=True), fields=['name_keys'], name='orders_customer_name'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(condition=models.Q(('channel__isnull', True)), fields=('organization', 'external_id'), name='orders_customer_own_external_uniq'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'BLOCKED'])), name='orders_customer_status_known'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['PERSON', 'COMPANY'])), name='orders_customer_type_known'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('channel__isnull', True), ('external_id__isnull', False), ('erased_at__isnull', False), _connector='OR'), name='orders_customer_of_channel_has_number'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('email_hash__isnull', True), ('external_id__isnull', True), ('name_keys', []), ('personal__isnull', True), ('phone_hash__isnull', True), ('tags', [])), _connector='OR'), name='orders_customer_erased_is_empty'),
        ),
        migrations.AddField(
            model_name='customeraddress',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='orders.customer'),
        ),
        migrations.AddConstraint(
            model_name='customeraddress',
            constraint=models.UniqueConstraint(fields=('customer', 'position'), name='orders_customeraddress_position_uniq'),
        ),
        migrations.AddConstraint(
            model_name='customeraddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('customer',), name='orders_customeraddress_one_default'),
        ),
        raise_version("orders_customer", trigger="orders_customer_version"),
    ]
