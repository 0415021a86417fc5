"""Every address of the site; each area keeps its own list."""

from django.urls import include, path

from moderation.desk.timekeeping import calendar_feed
from moderation.views import after_login

urlpatterns = [
    path("", include("moderation.documents.urls")),
    path("", include("cases.urls")),
    path("", include("reports.urls")),
    path("desk/", include("moderation.desk.urls")),
    path("api/", include("moderation.api.urls")),
    path("feeds/<str:token>/", calendar_feed, name="calendar_feed"),
    path("accounts/", include("allauth.account.urls")),
    path("after-login/", after_login, name="after_login"),
    path("language/", include("django.conf.urls.i18n")),
]
