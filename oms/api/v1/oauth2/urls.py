from django.urls import path

from oms.api.v1.oauth2.views import TokenView

urlpatterns = [path("oauth2/token", TokenView.as_view(), name="token")]
