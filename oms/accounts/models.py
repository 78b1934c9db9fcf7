from datetime import timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from oauth2_provider.models import AbstractApplication

from oms.accounts.choices import ClientKind, CredentialKind
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber, uuid7
from oms.kernel.models import TimeStamped
from oms.kernel.sealed import SealedField


class Organization(TimeStamped):
    """The company that owns everything below; nothing is ever visible across it."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64, default="UTC")
    is_test = models.BooleanField(default=False)
    clock_offset = models.DurationField(
        default=timedelta,
        db_default=timedelta(),
        editable=False,
        help_text="How far the clock of a test organization was moved ahead",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_test=True) | Q(clock_offset=timedelta()),
                name="accounts_organization_moves_test_clocks_only",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class User(AbstractUser):
    """A person of the operations staff. Sees the organizations named here; a superuser all."""

    organizations = models.ManyToManyField(Organization, blank=True, related_name="users")


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self
        return self.filter(organization_id=actor.organization_id)


class ApiClient(TimeStamped):
    """A machine that calls us, bound to at most one channel or one fulfillment point.

    The two foreign keys point at apps above this one by name only (docs/adr/0005).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=16, choices=ClientKind)
    channel = models.ForeignKey(
        "channels_app.Channel",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
    )
    point = models.ForeignKey(
        "locations.FulfillmentPoint",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
    )
    scopes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    rate_limit = models.FloatField(
        null=True,
        blank=True,
        help_text="Requests per second; empty: the contract's limit, 0: none",
    )
    is_active = models.BooleanField(default=True)
    preferences = models.JSONField(
        default=dict, blank=True, help_text="Switches of the wire format this client speaks"
    )

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="accounts_apiclient_name_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ClientKind.values), name="accounts_apiclient_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="CHANNEL", channel__isnull=False, point__isnull=True)
                | Q(kind="POINT", channel__isnull=True, point__isnull=False)
                | Q(kind="ORGANIZATION", channel__isnull=True, point__isnull=True),
                name="accounts_apiclient_bound_as_its_kind_says",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Credential(TimeStamped):
    """What a machine proves itself with.

    `secret` is sealed and only filled where the wire needs the secret back (signatures);
    everything else is kept as a keyed hash in `digest`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="credentials")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=CredentialKind)
    identifier = models.CharField(max_length=128, help_text="Key, username or client id")
    secret = SealedField(null=True, blank=True, editable=False)
    digest = models.BinaryField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        db_default=[],
        blank=True,
        help_text="Addresses it may be used from, in CIDR form; empty: any",
    )
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To the minute"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "identifier"],
                condition=Q(revoked_at__isnull=True),
                name="accounts_credential_identifier_uniq",
            ),
            models.UniqueConstraint(
                fields=["kind", "identifier"],
                condition=Q(
                    revoked_at__isnull=True,
                    kind__in=["API_KEY", "OAUTH2", "INCREFF", "TOKEN", "LOGIN"],
                ),
                name="accounts_credential_found_without_organization",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CredentialKind.values), name="accounts_credential_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(secret__isnull=False) | Q(digest__isnull=False),
                name="accounts_credential_has_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"


class OAuthApplication(AbstractApplication):
    """What django-oauth-toolkit knows of an OAuth2 credential, so that tokens belong to it.

    The credential is the truth: it has the client id, the hash of the secret, expiry and
    revocation. This row is made with its first token and holds no secret.
    """

    credential = models.OneToOneField(
        Credential, on_delete=models.CASCADE, related_name="application"
    )


class LoginToken(TimeStamped):
    """A token that a user name and its password were traded for. Only its keyed hash is kept.

    It ends at its time, with its credential, and when the credential's password changes:
    `password_digest` is the hash it was given for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True, editable=False)
    password_digest = models.BinaryField(editable=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("issued_at")),
                name="accounts_logintoken_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["credential", "expires_at"], name="accounts_logintoken_ends_idx"),
        ]

    def __str__(self) -> str:
        return f"token of {self.credential_id}"


class ApplicationSettingQuerySet(models.QuerySet["ApplicationSetting"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self
        return self.filter(organization_id=actor.organization_id)


class ApplicationSetting(TimeStamped):
    """A JSON value staff edit, by its key. Secrets in it are sealed apart, as JSON by their place.

    `value` has a mask in the place of each secret. `version` rises with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True, db_default=NextNumber("accounts_setting_number_seq"), editable=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="application_settings"
    )
    key = models.CharField(max_length=128)
    value = models.JSONField(null=True)
    secrets = SealedField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ApplicationSettingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="accounts_applicationsetting_key_uniq"
            ),
            models.CheckConstraint(
                condition=~Q(key=""), name="accounts_applicationsetting_key_named"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SettingChange(models.Model):
    """What a setting became with one change, who made it and when. Kept when the setting goes.

    A value that is absent says that the setting was removed. Secrets are sealed, so that a value
    can be restored with them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=128)
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    is_removal = models.BooleanField(default=False)
    secrets = SealedField(null=True, editable=False)
    changed_by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key", "version"], name="accounts_settingchange_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"
