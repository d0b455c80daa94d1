"""Rows from before a language stood beside them speak the first language of their process."""

from django.db import migrations

FILL = """
UPDATE deliberation_source t SET language = p.languages[1]
FROM processes_subject s JOIN processes_process p ON p.id = s.process_id WHERE s.id = t.subject_id AND p.languages[1] IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deliberation", "0004_languages"),
        ("processes", "0002_initial"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
