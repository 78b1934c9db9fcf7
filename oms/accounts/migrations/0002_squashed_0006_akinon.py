"""The short way of a new database to organizations and machines as they are (docs/adr/0029).

Channels and points stand between this and the first migration.
"""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import oauth2_provider.generators
import oauth2_provider.models
from django.conf import settings
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed
from oms.kernel.schema import AllAtOnce, sequence


class Migration(migrations.Migration):
    replaces = [
        ('accounts', '0002_machines'),
        ('accounts', '0003_machines_of_v1'),
        ('accounts', '0004_oauth'),
        ('accounts', '0005_usernames_of_increff'),
        ('accounts', '0006_akinon'),
    ]

    dependencies = [
        ('accounts', '0001_initial'),
        ('channels_app', '0001_initial'),
        ('locations', '0001_initial'),
    ]

    operations = [
        sequence('accounts_setting_number_seq'),
        AllAtOnce([
            migrations.AddField('apiclient', 'channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='channels_app.channel')),
            migrations.AddField('apiclient', 'point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='locations.fulfillmentpoint')),
            migrations.AddField('apiclient', 'organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='accounts.organization')),
            migrations.AddField('credential', 'client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credentials', to='accounts.apiclient')),
            migrations.AddField('credential', 'organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            migrations.AddField('credential', 'last_used_at', models.DateTimeField(blank=True, editable=False, help_text='To the minute', null=True)),
            migrations.AddField('credential', 'networks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=43), blank=True, db_default=[], default=list, help_text='Addresses it may be used from, in CIDR form; empty: any', size=None)),
            migrations.AddField('organization', 'clock_offset', models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta, editable=False, help_text='How far the clock of a test organization was moved ahead')),
            migrations.AddField('user', 'organizations', models.ManyToManyField(blank=True, related_name='users', to='accounts.organization')),
            migrations.AddConstraint('organization', models.CheckConstraint(condition=models.Q(('is_test', True), ('clock_offset', datetime.timedelta(0)), _connector='OR'), name='accounts_organization_moves_test_clocks_only')),
            migrations.AddConstraint('apiclient', models.UniqueConstraint(fields=('organization', 'name'), name='accounts_apiclient_name_uniq')),
            migrations.AddConstraint('apiclient', models.CheckConstraint(condition=models.Q(('kind__in', ['CHANNEL', 'POINT', 'ORGANIZATION'])), name='accounts_apiclient_kind_known')),
            migrations.AddConstraint('apiclient', models.CheckConstraint(condition=models.Q(models.Q(('channel__isnull', False), ('kind', 'CHANNEL'), ('point__isnull', True)), models.Q(('channel__isnull', True), ('kind', 'POINT'), ('point__isnull', False)), models.Q(('channel__isnull', True), ('kind', 'ORGANIZATION'), ('point__isnull', True)), _connector='OR'), name='accounts_apiclient_bound_as_its_kind_says')),
            migrations.AddConstraint('credential', models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('organization', 'kind', 'identifier'), name='accounts_credential_identifier_uniq')),
            migrations.AddConstraint('credential', models.CheckConstraint(condition=models.Q(('kind__in', ['OMS4', 'INCREFF', 'TOKEN', 'LOGIN', 'API_KEY', 'OAUTH2'])), name='accounts_credential_kind_known')),
            migrations.AddConstraint('credential', models.CheckConstraint(condition=models.Q(('secret__isnull', False), ('digest__isnull', False), _connector='OR'), name='accounts_credential_has_proof')),
            migrations.AddConstraint('credential', models.UniqueConstraint(condition=models.Q(('kind__in', ['API_KEY', 'OAUTH2', 'INCREFF', 'TOKEN', 'LOGIN']), ('revoked_at__isnull', True)), fields=('kind', 'identifier'), name='accounts_credential_found_without_organization')),
            migrations.CreateModel(
                name='OAuthApplication',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('client_id', models.CharField(db_index=True, default=oauth2_provider.generators.generate_client_id, max_length=255, unique=True, verbose_name='client ID')),
                    ('redirect_uris', models.TextField(blank=True, help_text='Allowed URIs list, space separated', verbose_name='redirect URIs')),
                    ('post_logout_redirect_uris', models.TextField(blank=True, default='', help_text='Allowed Post Logout URIs list, space separated', verbose_name='post logout redirect URIs')),
                    ('client_type', models.CharField(choices=[('confidential', 'Confidential'), ('public', 'Public')], max_length=32, verbose_name='client type')),
                    ('authorization_grant_type', models.CharField(choices=[('authorization-code', 'Authorization code'), ('urn:ietf:params:oauth:grant-type:device_code', 'Device Code'), ('implicit', 'Implicit'), ('password', 'Resource owner password-based'), ('client-credentials', 'Client credentials'), ('openid-hybrid', 'OpenID connect hybrid')], max_length=44, verbose_name='authorization grant type')),
                    ('client_secret', oauth2_provider.models.ClientSecretField(blank=True, db_index=True, default=oauth2_provider.generators.generate_client_secret, help_text='Client secret for authentication', max_length=255, verbose_name='client secret')),
                    ('hash_client_secret', models.BooleanField(default=True, verbose_name='hash client secret')),
                    ('name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                    ('skip_authorization', models.BooleanField(default=False, verbose_name='skip authorization')),
                    ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated', models.DateTimeField(auto_now=True, verbose_name='updated')),
                    ('algorithm', models.CharField(blank=True, choices=[('', 'No OIDC support'), ('RS256', 'RSA with SHA-2 256'), ('HS256', 'HMAC with SHA-2 256')], default='', max_length=5, verbose_name='algorithm')),
                    ('allowed_origins', models.TextField(blank=True, default='', help_text='Allowed origins list to enable CORS, space separated', verbose_name='allowed origins')),
                    ('registration_source', models.CharField(choices=[('manual', 'Manual'), ('dcr', 'Dynamic Client Registration'), ('cimd', 'Client ID Metadata Document')], default='manual', help_text='How this application was registered (manual, DCR per RFC 7591, or CIMD)', max_length=32, verbose_name='registration source')),
                    ('cimd_expires_at', models.DateTimeField(blank=True, default=None, help_text='When the cached Client ID Metadata Document should be re-fetched', null=True, verbose_name='CIMD expires at')),
                    ('credential', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='application', to='accounts.credential')),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ApplicationSetting',
                fields=[
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('accounts_setting_number_seq'), editable=False, unique=True)),
                    ('key', models.CharField(max_length=128)),
                    ('value', models.JSONField(null=True)),
                    ('secrets', oms.kernel.sealed.SealedField(null=True)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='application_settings', to='accounts.organization')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'key'), name='accounts_applicationsetting_key_uniq'),
                        models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='accounts_applicationsetting_key_named'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LoginToken',
                fields=[
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('digest', models.BinaryField(unique=True)),
                    ('password_digest', models.BinaryField()),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('credential', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='accounts.credential')),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['credential', 'expires_at'], name='accounts_logintoken_ends_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='accounts_logintoken_ends_after_it_began'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SettingChange',
                fields=[
                    ('id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('key', models.CharField(max_length=128)),
                    ('version', models.PositiveIntegerField()),
                    ('value', models.JSONField(null=True)),
                    ('is_removal', models.BooleanField(default=False)),
                    ('secrets', oms.kernel.sealed.SealedField(null=True)),
                    ('changed_by', models.CharField(max_length=160)),
                    ('changed_at', models.DateTimeField()),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'key', 'version'), name='accounts_settingchange_uniq'),
                    ],
                },
            ),
        ]),
    ]
