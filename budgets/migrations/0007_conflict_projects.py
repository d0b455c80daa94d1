"""Which projects are in a conflict stays once voting has opened, and no row leaves a budget that votes.

The table between conflicts and projects was there before: only its model is new.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0006_points_are_there"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="category_stays_once_open",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="conflict",
            name="conflict_stays_once_open",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="envelope",
            name="envelope_stays_once_open",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="category_stays_once_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT 1 FROM voting_poll p JOIN budgets_budget b ON b.poll_id = p.id\n        WHERE b.id IN (NEW.budget_id, OLD.budget_id) AND p.opened_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed once voting has opened';\n    END IF;\n    RETURN COALESCE(NEW, OLD);\n",
                    hash="48d3fcb9a792330c6689c1925c55e368e7952842",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_category_stays_once_open_02065",
                    table="budgets_category",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflict",
            trigger=pgtrigger.compiler.Trigger(
                name="conflict_stays_once_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT 1 FROM voting_poll p JOIN budgets_budget b ON b.poll_id = p.id\n        WHERE b.id IN (NEW.budget_id, OLD.budget_id) AND p.opened_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed once voting has opened';\n    END IF;\n    RETURN COALESCE(NEW, OLD);\n",
                    hash="399361f99f7bffe0673cc68f7611cad00d06b9fa",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_conflict_stays_once_open_6036a",
                    table="budgets_conflict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="envelope",
            trigger=pgtrigger.compiler.Trigger(
                name="envelope_stays_once_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT 1 FROM voting_poll p JOIN budgets_budget b ON b.poll_id = p.id\n        WHERE b.id IN (NEW.budget_id, OLD.budget_id) AND p.opened_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed once voting has opened';\n    END IF;\n    RETURN COALESCE(NEW, OLD);\n",
                    hash="3e9965ba61a7c8d60fc9cf9c4d7fcdf1de6799cc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_envelope_stays_once_open_f06d8",
                    table="budgets_envelope",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ConflictProject",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "conflict",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="budgets.conflict"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="budgets.project"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "budgets_conflict_projects",
                        "unique_together": {("conflict", "project")},
                    },
                ),
                migrations.AlterField(
                    model_name="conflict",
                    name="projects",
                    field=models.ManyToManyField(
                        related_name="conflicts",
                        through="budgets.ConflictProject",
                        to="budgets.project",
                    ),
                ),
            ]
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictproject",
            trigger=pgtrigger.compiler.Trigger(
                name="conflict_projects_stay_once_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT 1 FROM voting_poll p JOIN budgets_budget b ON b.poll_id = p.id\n        WHERE b.id IN (\n    SELECT c.budget_id FROM budgets_conflict c WHERE c.id IN (NEW.conflict_id, OLD.conflict_id)\n) AND p.opened_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed once voting has opened';\n    END IF;\n    RETURN COALESCE(NEW, OLD);\n",
                    hash="bdeb2fd8eeb796a982facfaee548ce5d40b18852",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_conflict_projects_stay_once_open_f02ce",
                    table="budgets_conflict_projects",
                    when="BEFORE",
                ),
            ),
        ),
    ]
