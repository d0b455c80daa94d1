"""Makes config an installed app, so that every Django process knows the Celery application."""

from django.apps import AppConfig

from config.celery import app as celery_app


class ConfigApp(AppConfig):
    """Without this, shared tasks called from a web process would look for a broker elsewhere."""

    name = "config"
    label = "kenes_config"
    celery = celery_app
