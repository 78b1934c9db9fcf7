"""The short way of a new database to the tables of events and deliveries as they are (docs/adr/0029)."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed
from oms.events.migrations import _sql
from oms.events.migrations._vocabulary import SUBJECTS, TYPES
from oms.kernel.schema import AllAtOnce, raise_version


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('events', '0001_initial'),
        ('events', '0002_written_once'),
        ('events', '0003_deliveries'),
        ('events', '0004_fan_out'),
        ('events', '0005_endpoint_health'),
        ('events', '0006_event_trace'),
        ('events', '0007_delivery_slot'),
        ('events', '0008_wider_vocabulary'),
        ('events', '0009_endpoint_version'),
        ('events', '0010_feed_index'),
        ('events', '0011_replays'),
        ('events', '0012_partial_progress'),
        ('events', '0013_news_by_points'),
        ('events', '0014_dock'),
        ('events', '0015_commands'),
        ('events', '0016_hooks'),
    ]

    dependencies = [
        ('accounts', '0006_akinon'),
        ('locations', '0001_initial'),
    ]

    operations = [
        AllAtOnce([
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('type', models.CharField(choices=TYPES, max_length=40)),
                    ('subject_type', models.CharField(choices=SUBJECTS, max_length=16)),
                    ('subject_id', models.BigIntegerField()),
                    ('sequence', models.PositiveIntegerField()),
                    ('order_ref', models.BigIntegerField(help_text='Order this belongs to, if any', null=True)),
                    ('status', models.CharField(default='', help_text='State of the subject after the fact, if it has one', max_length=24)),
                    ('data', models.JSONField(default=dict)),
                    ('actor', models.CharField(max_length=160)),
                    ('cause', models.CharField(default='', max_length=160)),
                    ('occurred_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('position', models.BigIntegerField(null=True)),
                    ('not_before', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                    ('last_error', models.CharField(db_default='', max_length=200)),
                    ('parked_at', models.DateTimeField(null=True)),
                    ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('channel_ref', models.BigIntegerField(help_text='Channel this concerns, if one', null=True)),
                    ('point_ref', models.BigIntegerField(help_text='Point this concerns, if one', null=True)),
                    ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                    ('trace', models.CharField(help_text='W3C traceparent of what caused it, when traced', max_length=55, null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('parked_at__isnull', True), ('position__isnull', True)), fields=['not_before', 'id'], name='events_event_due_idx'),
                        models.Index(condition=models.Q(('order_ref__isnull', False)), fields=['order_ref', 'id'], name='events_event_order_idx'),
                        models.Index(condition=models.Q(('parked_at__isnull', False)), fields=['id'], name='events_event_parked_idx'),
                        models.Index(condition=models.Q(('position__isnull', False)), fields=['organization', 'position'], name='events_event_feed_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('subject_type', 'subject_id', 'sequence'), name='events_event_sequence_uniq'),
                        models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='events_event_sequence_positive'),
                        models.CheckConstraint(condition=models.Q(('subject_type__in', ['order', 'task', 'parcel', 'cancellation', 'point', 'channel', 'spu', 'endpoint', 'customer', 'return', 'level', 'picklist', 'manifest', 'handover', 'invoice', 'transfer'])), name='events_event_subject_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_type', models.CharField(max_length=16)),
                    ('subject_id', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('PENDING', 'Pending'), ('DELIVERED', 'Delivered'), ('EXHAUSTED', 'Exhausted'), ('SUPPRESSED', 'Suppressed'), ('SKIPPED', 'Nothing to tell')], db_default='PENDING', max_length=12)),
                    ('not_before', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('attempts', models.PositiveSmallIntegerField(db_default=0, help_text='Of the present run')),
                    ('tries', models.PositiveIntegerField(db_default=0, help_text='Of all runs: numbers attempts')),
                    ('replays', models.PositiveSmallIntegerField(db_default=0)),
                    ('claim_id', models.UUIDField(null=True)),
                    ('leased_until', models.DateTimeField(null=True)),
                    ('last_outcome', models.CharField(db_default='', max_length=16)),
                    ('last_status', models.PositiveSmallIntegerField(null=True)),
                    ('last_error', models.CharField(db_default='', max_length=200)),
                    ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='events.event')),
                    ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='events.endpoint')),
                    ('body', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.messagebody')),
                    ('slot', models.PositiveSmallIntegerField(help_text='Of the worker that claimed it', null=True)),
                    ('refusals', models.PositiveSmallIntegerField(db_default=0, help_text='Of the attempts, those the receiver refused for good reason')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'PENDING')), fields=['endpoint', 'not_before', 'id'], name='events_delivery_due_idx'),
                        models.Index(condition=models.Q(('state', 'PENDING')), fields=['endpoint', 'subject_type', 'subject_id', 'id'], name='events_delivery_subject_idx'),
                        models.Index(fields=['endpoint', 'id'], name='events_delivery_list_idx'),
                        models.Index(condition=models.Q(('state__in', ['EXHAUSTED', 'SUPPRESSED'])), fields=['state', 'id'], name='events_delivery_dead_idx'),
                        models.Index(condition=models.Q(('claim_id__isnull', False)), fields=['endpoint', 'leased_until'], name='events_delivery_lease_idx'),
                        models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at'], name='events_delivery_finished_idx'),
                        models.Index(condition=models.Q(('state', 'EXHAUSTED')), fields=['endpoint', 'id'], name='events_delivery_spent_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('event', 'endpoint'), name='events_delivery_uniq'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['PENDING', 'DELIVERED', 'EXHAUSTED', 'SUPPRESSED', 'SKIPPED'])), name='events_delivery_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('claim_id__isnull', True), ('leased_until__isnull', True)), models.Q(('claim_id__isnull', False), ('leased_until__isnull', False), ('state', 'PENDING')), _connector='OR'), name='events_delivery_claim_has_lease'),
                        models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'PENDING')), models.Q(models.Q(('state', 'PENDING'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='events_delivery_final_has_end'),
                    ],
                    'verbose_name_plural': 'deliveries',
                },
            ),
            migrations.CreateModel(
                name='DeliveryAttempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('started_at', models.DateTimeField()),
                    ('duration_ms', models.PositiveIntegerField()),
                    ('outcome', models.CharField(choices=[('DELIVERED', 'Delivered'), ('REFUSED', 'Answered with an error'), ('GONE', 'Receiver is gone for good'), ('TIMEOUT', 'Timed out'), ('CONNECTION', 'No connection'), ('TLS', 'TLS failed'), ('ADDRESS', 'Address refused'), ('PROTOCOL', 'Not HTTP'), ('UNRENDERED', 'The message could not be made')], max_length=16)),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('error', models.CharField(db_default='', max_length=200)),
                    ('request_headers', models.JSONField(default=dict, help_text='Secrets masked')),
                    ('answer', models.TextField(db_default='', help_text='The first 4 KB')),
                    ('is_late', models.BooleanField(db_default=False, help_text='Its lease had ended')),
                    ('delivery', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tried', to='events.delivery')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['delivery', 'number'], name='events_attempt_delivery_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('outcome__in', ['DELIVERED', 'REFUSED', 'GONE', 'TIMEOUT', 'CONNECTION', 'TLS', 'ADDRESS', 'PROTOCOL', 'UNRENDERED'])), name='events_attempt_outcome_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Endpoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('channel_ref', models.BigIntegerField(blank=True, editable=False, null=True)),
                    ('point_ref', models.BigIntegerField(blank=True, editable=False, null=True)),
                    ('name', models.CharField(max_length=255)),
                    ('url', models.CharField(max_length=2048)),
                    ('format', models.CharField(choices=[('standard', 'Standard Webhooks'), ('v1', 'Open API v1'), ('oms4', 'OMS4 push'), ('increff', 'Increff events'), ('whisperer', 'Akinon hooks')], max_length=12)),
                    ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                    ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, size=None)),
                    ('types_since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When `types` last changed')),
                    ('headers', oms.kernel.sealed.SealedField(blank=True, help_text='Static headers of every call, as JSON', null=True)),
                    ('options', models.JSONField(blank=True, default=dict, help_text='Settings of the wire format')),
                    ('is_ordered', models.BooleanField(default=False, help_text="Each subject's news in order")),
                    ('allow_private_network', models.BooleanField(default=False)),
                    ('max_in_flight', models.PositiveSmallIntegerField(default=10)),
                    ('rate', models.FloatField(default=50, help_text='Deliveries per second; 0: no limit')),
                    ('state', models.CharField(choices=[('UNVERIFIED', 'Unverified'), ('ACTIVE', 'Active'), ('PAUSED', 'Paused'), ('DISABLED', 'Disabled')], default='UNVERIFIED', max_length=12)),
                    ('state_reason', models.CharField(blank=True, default='', max_length=255)),
                    ('verified_at', models.DateTimeField(blank=True, null=True)),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='endpoints', to='accounts.apiclient')),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endpoints', to='accounts.organization')),
                    ('description', models.CharField(blank=True, db_default='', default='', max_length=255)),
                    ('version', models.IntegerField(db_default=1, default=1, editable=False)),
                    ('is_by_points', models.BooleanField(db_default=False, default=False, editable=False, help_text="Hears of what happens at its channel's points, whatever channel it came from")),
                    ('secret_options', oms.kernel.sealed.SealedField(blank=True, help_text='Those of them that are secret, as JSON', null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('organization', 'name'), name='events_endpoint_name_uniq'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['UNVERIFIED', 'ACTIVE', 'PAUSED', 'DISABLED'])), name='events_endpoint_state_known'),
                        models.CheckConstraint(condition=models.Q(('max_in_flight__gte', 1), ('rate__gte', 0)), name='events_endpoint_limits_valid'),
                        models.CheckConstraint(condition=models.Q(('channel_ref__isnull', True), ('point_ref__isnull', True), _connector='OR'), name='events_endpoint_hears_of_one'),
                        models.CheckConstraint(condition=models.Q(('format__in', ['standard', 'v1', 'oms4', 'increff', 'whisperer'])), name='events_endpoint_format_known'),
                        models.CheckConstraint(condition=models.Q(('is_by_points', False), ('channel_ref__isnull', False), _connector='OR'), name='events_endpoint_points_of_a_channel'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='EndpointSecret',
                fields=[
                    ('id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('secret', oms.kernel.sealed.SealedField()),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField(null=True)),
                    ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='events.endpoint')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('expires_at__isnull', True)), fields=('endpoint',), name='events_endpointsecret_current_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='MessageBody',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('variant', models.CharField(max_length=80)),
                    ('body', models.BinaryField()),
                    ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('event', 'variant'), name='events_messagebody_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='EndpointHealth',
                fields=[
                    ('endpoint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='health', serialize=False, to='events.endpoint')),
                    ('breaker', models.CharField(choices=[('CLOSED', 'Closed'), ('OPEN', 'Open'), ('HALF_OPEN', 'Half open')], db_default='CLOSED', max_length=12)),
                    ('breaker_until', models.DateTimeField(null=True)),
                    ('breaker_trips', models.PositiveIntegerField(db_default=0, help_text='In a row')),
                    ('breaker_successes', models.PositiveSmallIntegerField(db_default=0, help_text='While half open')),
                    ('recent', models.JSONField(db_default=models.Value([], models.JSONField()), help_text='Counts of attempts and failures a minute')),
                    ('window', models.PositiveSmallIntegerField(db_default=2)),
                    ('tokens', models.FloatField(db_default=0)),
                    ('tokens_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('not_before', models.DateTimeField(help_text='The receiver asked for a pause', null=True)),
                    ('failing_since', models.DateTimeField(null=True)),
                    ('failures_in_a_row', models.PositiveIntegerField(db_default=0)),
                    ('warned_percent', models.PositiveSmallIntegerField(db_default=0)),
                    ('last_success_at', models.DateTimeField(null=True)),
                    ('last_failure_at', models.DateTimeField(null=True)),
                    ('last_error', models.CharField(db_default='', max_length=200)),
                    ('renewed_headers', oms.kernel.sealed.SealedField(null=True)),
                    ('renewed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('breaker__in', ['CLOSED', 'OPEN', 'HALF_OPEN'])), name='events_health_breaker_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('breaker', 'OPEN'), _negated=True), ('breaker_until__isnull', False), _connector='OR'), name='events_health_open_has_an_end'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='EndpointTally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('started_at', models.DateTimeField()),
                    ('attempts', models.PositiveIntegerField()),
                    ('failures', models.PositiveIntegerField()),
                    ('durations', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                    ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='events.endpoint')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('endpoint', 'started_at'), name='events_tally_uniq'),
                        models.CheckConstraint(condition=models.Q(('failures__lte', models.F('attempts'))), name='events_tally_adds_up'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Replay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('actor', models.CharField(max_length=160)),
                    ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                    ('since', models.DateTimeField(null=True)),
                    ('until', models.DateTimeField(null=True)),
                    ('event_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None)),
                    ('through_id', models.BigIntegerField()),
                    ('delivery_id', models.BigIntegerField(default=0)),
                    ('deliveries', models.PositiveIntegerField(default=0, help_text='Sent again so far')),
                    ('requested_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replays', to='events.endpoint')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['id'], name='events_replay_due_idx'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(_sql.WRITTEN_ONCE, _sql.REWRITABLE),
        migrations.RunSQL(_sql.FAN_OUT + _sql.FAN_OUT_TRIGGER, _sql.NO_FAN_OUT),
        migrations.RunSQL(_sql.HEALTH, _sql.NO_HEALTH),
        raise_version('events_endpoint', trigger='events_endpoint_version'),
    ]
