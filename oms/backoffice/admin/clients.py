from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.accounts import services
from oms.accounts.actors import staff_actor
from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.backoffice.admin.base import ConfigAdmin
from oms.backoffice.filters import OrganizationFilter
from oms.backoffice.formats import chip, page_url
from oms.kernel.errors import DomainError


class CredentialForm(forms.Form):
    kind = forms.ChoiceField(choices=CredentialKind)
    expires_at = forms.DateTimeField(required=False, help_text="Empty: never")
    networks = forms.CharField(
        required=False, help_text="API keys: networks it may be used from, such as 203.0.113.0/24"
    )


class ClientForm(forms.ModelForm[ApiClient]):
    """A client is bound as its kind says, and never to another organization's channel."""

    class Meta:
        model = ApiClient
        fields = (
            "organization",
            "name",
            "kind",
            "channel",
            "point",
            "scopes",
            "rate_limit",
            "is_active",
            "preferences",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        organization = cleaned.get("organization") or self.instance.organization
        for name, needed in (("channel", ClientKind.CHANNEL), ("point", ClientKind.POINT)):
            bound = cleaned.get(name, getattr(self.instance, name))
            if (bound is not None) != (kind == needed):
                self.add_error(name if name in self.fields else None, _rule(name, kind == needed))
            elif bound is not None and bound.organization_id != organization.pk:
                self.add_error(name, f"This {name} belongs to another organization.")
        return cleaned


def _rule(name: str, needed: bool) -> str:
    return f"This kind needs a {name}." if needed else f"This kind has no {name}."


@admin.register(ApiClient)
class ApiClientAdmin(ConfigAdmin[ApiClient]):
    """Machines that call us, and what they prove themselves with."""

    form = ClientForm
    change_form_template = "admin/backoffice/client.html"
    fixed_fields = ("organization", "kind", "channel", "point")
    list_display = ("name", "kind", "bound_to", "state", "live_credentials", "organization")
    list_filter = ("kind", "is_active", OrganizationFilter)
    list_select_related = ("channel", "point", "organization")
    ordering = ("name", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        """With the credentials the list counts and the page shows."""
        credentials = Credential.objects.order_by("-created_at", "-pk").defer("secret", "digest")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("credentials", queryset=credentials))
        )

    def get_urls(self) -> list[URLPattern]:
        """Making and withdrawing credentials."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/credentials/", view(self.issue), name="accounts_apiclient_issue"),
            path(
                "<int:pk>/credentials/<uuid:credential>/revoke/",
                view(self.revoke),
                name="accounts_apiclient_revoke",
            ),
            *super().get_urls(),
        ]

    def issue(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the kind, make the credential, and show its secret on this one answer."""
        client = self._client(request, pk, permission="accounts.add_credential")
        form = CredentialForm(request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "client": client,
            "form": form,
            "title": f"New credential for {client.name}",
        }
        if request.method == "POST" and form.is_valid():
            try:
                credential, secret = services.issue_credential(
                    client=client,
                    kind=CredentialKind(form.cleaned_data["kind"]),
                    actor=staff_actor(request, organization_id=client.organization_id),
                    now=timezone.now(),
                    expires_at=form.cleaned_data["expires_at"],
                    networks=form.cleaned_data["networks"].split(),
                )
            except DomainError as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
                return HttpResponseRedirect(page_url(client))
            self.log_change(request, client, f"Issued the credential {credential.identifier}.")
            context |= {"credential": credential, "secret": secret}
        response = TemplateResponse(request, "admin/backoffice/credential.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def revoke(self, request: HttpRequest, pk: int, credential: str) -> HttpResponse:
        """Ask, then withdraw a credential for good."""
        client = self._client(request, pk, permission="accounts.change_credential")
        found = client.credentials.filter(pk=credential).first()
        if found is None:
            raise Http404("No such credential.")
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "client": client,
                "credential": found,
                "title": f"Revoke {found.identifier}",
            }
            return TemplateResponse(request, "admin/backoffice/revoke.html", context)
        actor = staff_actor(request, organization_id=client.organization_id)
        try:
            services.revoke_credential(credential=found, actor=actor, now=timezone.now())
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.log_change(request, client, f"Revoked the credential {found.identifier}.")
            self.message_user(request, f"{found.identifier} was revoked.", messages.SUCCESS)
        return HttpResponseRedirect(page_url(client))

    def _client(self, request: HttpRequest, pk: int, *, permission: str) -> ApiClient:
        client = self.get_object(request, str(pk))
        if client is None:
            raise Http404("No such client.")
        if not request.user.has_perm(permission):
            raise PermissionDenied(f"This needs the permission {permission}.")
        return client

    @admin.display(description="bound to")
    def bound_to(self, row: ApiClient) -> str:
        return str(row.channel or row.point or "the organization")

    @admin.display(description="state")
    def state(self, row: ApiClient) -> SafeString:
        return chip("READY", "Active") if row.is_active else chip("VOID", "Inactive")

    @admin.display(description="credentials")
    def live_credentials(self, row: ApiClient) -> SafeString:
        live = [each for each in row.credentials.all() if each.revoked_at is None]
        return format_html("{} live", len(live))
