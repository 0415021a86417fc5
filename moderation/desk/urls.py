"""The addresses of the desk, under /desk/."""

from django.urls import path

from moderation.desk import (
    accounts,
    case_views,
    decisions,
    gate,
    intake,
    mails,
    mergers,
    papers,
    proposals,
    report_views,
    shelves,
    thresholds,
    timekeeping,
    views,
)

urlpatterns = [
    path("reports/", report_views.desk_reports, name="desk_reports"),
    path("reports/next/", report_views.desk_report_next, name="desk_report_next"),
    path("reports/papers/new/", papers.desk_paper_new, name="desk_paper_new"),
    path("reports/<str:reference>/", report_views.desk_report, name="desk_report"),
    path(
        "reports/<str:reference>/claim/",
        report_views.desk_report_claim,
        name="desk_report_claim",
    ),
    path(
        "reports/<str:reference>/release/",
        report_views.desk_report_release,
        name="desk_report_release",
    ),
    path(
        "reports/<str:reference>/split/",
        report_views.desk_report_split,
        name="desk_report_split",
    ),
    path(
        "reports/<str:reference>/authority/",
        report_views.desk_authority,
        name="desk_authority",
    ),
    path(
        "reports/<str:reference>/steps/<slug:step>/",
        report_views.desk_report_step,
        name="desk_report_step",
    ),
    path(
        "reports/<str:reference>/appeals/<uuid:appeal>/file/",
        report_views.desk_appeal_file,
        name="desk_appeal_file",
    ),
    path(
        "reports/<str:reference>/appeals/<uuid:appeal>/<slug:step>/",
        report_views.desk_appeal_step,
        name="desk_appeal_step",
    ),
    path(
        "reports/<str:reference>/documents/<str:number>/file/",
        report_views.desk_report_snapshot,
        name="desk_report_snapshot",
    ),
    path(
        "reports/<str:reference>/files/<uuid:attachment>/",
        report_views.desk_report_file,
        name="desk_report_file",
    ),
    path(
        "reports/<str:reference>/reporters/<uuid:report>/",
        report_views.desk_report_reveal,
        name="desk_report_reveal",
    ),
    path("reporters/<uuid:report>/", report_views.desk_reporter, name="desk_reporter"),
    path("alarms/", report_views.desk_alarms, name="desk_alarms"),
    path("accounts/", accounts.desk_accounts, name="desk_accounts"),
    path(
        "accounts/<uuid:public_id>/<slug:step>/",
        accounts.desk_account_step,
        name="desk_account_step",
    ),
    path("appeals/", report_views.desk_appeals, name="desk_appeals"),
    path("mails/", mails.desk_mails, name="desk_mails"),
    path("mails/<uuid:mailing>/<slug:act>/", mails.desk_mail, name="desk_mail"),
    path("policies/", report_views.desk_policies, name="desk_policies"),
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
    path(
        "cases/<str:reference>/merge/<str:other>/",
        mergers.desk_merge,
        name="desk_merge",
    ),
    path("cases/<str:reference>/claim/", case_views.desk_claim, name="desk_claim"),
    path(
        "cases/<str:reference>/release/", case_views.desk_release, name="desk_release"
    ),
    path("cases/<str:reference>/accept/", case_views.desk_accept, name="desk_accept"),
    path(
        "cases/<str:reference>/steps/<str:machine>/<uuid:subject>/<str:step>/",
        case_views.desk_step,
        name="desk_step",
    ),
    path(
        "cases/<str:reference>/letters/<uuid:letter>/arrival/",
        case_views.desk_arrival,
        name="desk_arrival",
    ),
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
    path("intake/", intake.desk_intake, name="desk_intake"),
    path("intake/retry/", intake.desk_intake_retry, name="desk_intake_retry"),
    path("shelves/", shelves.desk_shelves, name="desk_shelves"),
    path("shelves/new/", shelves.desk_shelf_new, name="desk_shelf_new"),
    path("shelves/<int:pk>/", shelves.desk_shelf, name="desk_shelf"),
    path("shelves/<int:pk>/add/", shelves.desk_shelve, name="desk_shelve"),
    path(
        "shelves/<int:pk>/texts/<int:text>/",
        shelves.desk_shelf_text,
        name="desk_shelf_text",
    ),
    path(
        "shelves/<int:pk>/texts/<int:text>/remove/",
        shelves.desk_unshelve,
        name="desk_unshelve",
    ),
    path(
        "shelves/<int:pk>/texts/<int:text>/restore/",
        shelves.desk_reshelve,
        name="desk_reshelve",
    ),
    path("proposals/", proposals.desk_proposals, name="desk_proposals"),
    path(
        "proposals/decide/",
        proposals.desk_proposals_decide,
        name="desk_proposals_decide",
    ),
    path("proposals/seek/", proposals.desk_proposals_seek, name="desk_proposals_seek"),
    path(
        "proposals/search/", proposals.desk_search_progress, name="desk_search_progress"
    ),
    path(
        "proposals/<int:pk>/reopen/",
        proposals.desk_proposal_reopen,
        name="desk_proposal_reopen",
    ),
    path("thresholds/", thresholds.desk_thresholds, name="desk_thresholds"),
    path("thresholds/replays/new/", thresholds.desk_replay_new, name="desk_replay_new"),
    path("thresholds/replays/<int:pk>/", thresholds.desk_replay, name="desk_replay"),
    path(
        "thresholds/replays/<int:pk>/stop/",
        thresholds.desk_replay_stop,
        name="desk_replay_stop",
    ),
    path(
        "thresholds/replays/<int:pk>/save/",
        thresholds.desk_replay_save,
        name="desk_replay_save",
    ),
]
