"""The addresses of the desk, under /desk/."""

from django.urls import path

from moderation.desk import case_views, decisions, gate, timekeeping, views

urlpatterns = [
    path("", views.desk_queue, name="desk_queue"),
    path("gate/", gate.desk_gate, name="desk_gate"),
    path("gate/policy/", gate.desk_gate_policy, name="desk_gate_policy"),
    path("gate/<str:submission>/", gate.desk_submission, name="desk_submission"),
    path(
        "gate/<str:submission>/decide/",
        gate.desk_submission_decide,
        name="desk_submission_decide",
    ),
    path(
        "gate/<str:submission>/file/",
        gate.desk_submission_file,
        name="desk_submission_file",
    ),
    path("deadlines/", timekeeping.desk_deadlines, name="desk_deadlines"),
    path("deadlines/feed/", timekeeping.desk_feed, name="desk_feed"),
    path("deadlines/feed/close/", timekeeping.desk_feed_close, name="desk_feed_close"),
    path("calendar/", timekeeping.desk_calendar, name="desk_calendar"),
    path(
        "calendar/<int:year>/",
        timekeeping.desk_calendar_year,
        name="desk_calendar_year",
    ),
    path("next/", views.desk_next, name="desk_next"),
    path("cases/<str:reference>/", case_views.desk_case, name="desk_case"),
    path("cases/<str:reference>/preview/", views.desk_preview, name="desk_preview"),
    path("cases/<str:reference>/claim/", case_views.desk_claim, name="desk_claim"),
    path(
        "cases/<str:reference>/release/", case_views.desk_release, name="desk_release"
    ),
    path("cases/<str:reference>/accept/", case_views.desk_accept, name="desk_accept"),
    path(
        "cases/<str:reference>/parties/<uuid:party>/reveal/",
        case_views.desk_reveal,
        name="desk_reveal",
    ),
    path(
        "cases/<str:reference>/exhibits/<uuid:exhibit>/",
        case_views.desk_exhibit,
        name="desk_exhibit",
    ),
    path(
        "cases/<str:reference>/decide/",
        decisions.desk_decide_all,
        name="desk_decide_all",
    ),
    path(
        "cases/<str:reference>/items/<int:position>/",
        decisions.desk_compare,
        name="desk_compare",
    ),
    path(
        "cases/<str:reference>/items/<int:position>/decide/",
        decisions.desk_decide,
        name="desk_decide",
    ),
]
