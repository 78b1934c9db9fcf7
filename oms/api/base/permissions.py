"""Who may call what: denied unless the view names a scope and the client holds it."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """Compare the client's scopes with what the view declares for the method.

    A view without a declaration is closed. A method the view does not have passes, so that it is
    answered as a wrong method rather than as a missing right.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        method = request.method or ""
        scopes: dict[str, str] = getattr(view, "scopes", {})
        needed = scopes.get(method)
        if needed is None:
            return bool(scopes) and method not in view.allowed_methods
        machine: Any = request.auth
        return machine is not None and needed in machine.scopes
