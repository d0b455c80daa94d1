"""A check that is unknown passes: points to share must be there."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("budgets", "0005_checks_of_nulls")]

    operations = [
        migrations.RemoveConstraint(model_name="budget", name="budget_has_points_to_share"),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=~Q(ballot="share") | Q(points__isnull=False, points__gte=1),
                name="budget_has_points_to_share",
            ),
        ),
    ]
