from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="claimed_by",
            field=models.IntegerField(null=True, help_text="process id of the database session"),
        ),
    ]
