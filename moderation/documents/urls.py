"""The public pages: the marketplace's documents and the rules of complaint."""

from django.urls import path

from moderation.documents import views

urlpatterns = [
    path("", views.home, name="home"),
    path("documents/", views.document_search, name="document_search"),
    path("documents/<slug:number>/", views.document, name="document"),
    path(
        "documents/<slug:number>/download/",
        views.document_download,
        name="document_download",
    ),
    path("rules/", views.rules, name="rules"),
]
