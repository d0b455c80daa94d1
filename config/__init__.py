"""Composition root: settings, URLs, API root, Celery, embedded servers."""
