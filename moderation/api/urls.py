"""The addresses of the JSON interface, under /api/."""

from django.urls import path

from moderation.api import views

urlpatterns = [
    path(
        "documents/<str:number>/withdraw/",
        views.document_withdraw,
        name="api_document_withdraw",
    ),
    path("submissions/", views.submissions, name="api_submissions"),
    path("submissions/<str:reference>/", views.submission, name="api_submission"),
    path(
        "submissions/<str:reference>/publish/",
        views.submission_publish,
        name="api_submission_publish",
    ),
]
