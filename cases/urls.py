"""Addresses of the public side: rights holders, complainants and sellers."""

from django.urls import path

from cases.views import (
    complaints,
    contest,
    followed,
    licences,
    mine,
    parties,
    register,
    reports,
    rights,
    steps,
    submissions,
    works,
)

urlpatterns = [
    path("report/", reports.home, name="report_home"),
    path("report/proof/", reports.proof, name="report_proof"),
    path("report/confirm/<str:token>/", reports.confirm, name="report_confirm"),
    path("report/status/", followed.status, name="report_status"),
    path("report/status/leave/", followed.forget, name="report_forget"),
    path("documents/<slug:number>/report/", reports.new, name="report_abuse"),
    path("reports/<uuid:public_id>/", followed.show, name="my_report"),
    path("reports/<uuid:public_id>/supply/", followed.supply, name="my_report_supply"),
    path(
        "reports/<uuid:public_id>/withdraw/",
        followed.withdraw,
        name="my_report_withdraw",
    ),
    path("reports/<uuid:public_id>/appeal/", followed.appeal, name="my_report_appeal"),
    path("register/", register.register, name="register"),
    path("seller/cases/<str:reference>/", contest.appeal, name="seller_appeal"),
    path("rights/", rights.home, name="rights_home"),
    path("rights/parties/new/", parties.new, name="party_new"),
    path("rights/parties/<uuid:public_id>/", parties.edit, name="party_edit"),
    path("rights/mandates/new/", parties.mandate, name="mandate_new"),
    path("rights/works/new/", works.new, name="work_new"),
    path("rights/works/<uuid:public_id>/", works.show, name="work"),
    path(
        "rights/works/<uuid:public_id>/progress/", works.progress, name="work_progress"
    ),
    path("rights/works/<uuid:public_id>/retry/", works.retry, name="work_retry"),
    path("rights/works/<uuid:public_id>/leads/<str:number>/", works.lead, name="lead"),
    path("rights/works/<uuid:public_id>/licences/", licences.show, name="licences"),
    path(
        "rights/works/<uuid:public_id>/licences/<int:pk>/withdraw/",
        licences.end,
        name="licence_withdraw",
    ),
    path("complaints/new/", complaints.new, name="complaint_new"),
    path(
        "complaints/<uuid:public_id>/discard/",
        complaints.discard,
        name="complaint_discard",
    ),
    path("complaints/<uuid:public_id>/<str:step>/", steps.show, name="complaint_step"),
    path("cases/<str:reference>/", mine.case, name="my_case"),
    path("seller/", mine.seller, name="seller_home"),
    path("seller/submissions/", submissions.index, name="submissions"),
    path("seller/submissions/new/", submissions.new, name="submission_new"),
    path(
        "seller/submissions/progress/",
        submissions.index_progress,
        name="submissions_progress",
    ),
    path("seller/submissions/<str:reference>/", submissions.show, name="submission"),
    path(
        "seller/submissions/<str:reference>/progress/",
        submissions.progress,
        name="submission_progress",
    ),
    path(
        "seller/submissions/<str:reference>/retry/",
        submissions.retry,
        name="submission_retry",
    ),
    path(
        "seller/submissions/<str:reference>/<str:step>/",
        submissions.step,
        name="submission_step",
    ),
]
