"""Addresses of the papers: letters for both sides, case files for the desk."""

from django.urls import path

from reports import submission_views, views

urlpatterns = [
    path("announcements/", views.announcement_list, name="announcements"),
    path("announcements/<uuid:public_id>/", views.announcement, name="announcement"),
    path("letters/<uuid:public_id>/", views.letter, name="letter"),
    path("letters/<uuid:public_id>/pdf/", views.letter_pdf, name="letter_pdf"),
    path(
        "letters/submissions/<uuid:public_id>/",
        submission_views.letter,
        name="submission_letter",
    ),
    path(
        "letters/submissions/<uuid:public_id>/pdf/",
        submission_views.letter_pdf,
        name="submission_letter_pdf",
    ),
    path(
        "desk/cases/<str:reference>/files/", views.case_file_new, name="case_file_new"
    ),
    path("case-files/<uuid:public_id>/", views.case_file, name="case_file"),
    path(
        "case-files/<uuid:public_id>/download/",
        views.case_file_download,
        name="case_file_download",
    ),
]
