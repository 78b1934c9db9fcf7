"""Versions of scenarios as drafts, published once and never changed; two kinds of scenarios."""

from django.db import migrations, models

from fulfillment.migrations._sql import PUBLISHED_CHANGES, PUBLISHED_STAYS

# The highest number acts, as it did before there were states.
RETIRE = """
UPDATE fulfillment_scenarioversion v SET state = 'RETIRED'
WHERE EXISTS (SELECT FROM fulfillment_scenarioversion n
              WHERE n.scenario_id = v.scenario_id AND n.number > v.number)
"""


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0008_task_states")]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="description",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="scenario",
            name="kind",
            field=models.CharField(
                choices=[
                    ("DISTRIBUTION", "Turns orders into tasks"),
                    ("TRANSFER", "Finds where missing units come from"),
                ],
                db_default="DISTRIBUTION",
                default="DISTRIBUTION",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="scenarioversion",
            name="state",
            field=models.CharField(
                choices=[("DRAFT", "Draft"), ("ACTIVE", "Active"), ("RETIRED", "Retired")],
                db_default="ACTIVE",
                default="ACTIVE",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="scenarioversion",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="scenarioversion",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scenarioversion",
            name="published_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=160),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["DISTRIBUTION", "TRANSFER"])),
                name="fulfillment_scenario_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="scenarioversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "DRAFT")),
                fields=("scenario",),
                name="fulfillment_scenarioversion_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="scenarioversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["DRAFT", "ACTIVE", "RETIRED"])),
                name="fulfillment_scenarioversion_state_known",
            ),
        ),
        migrations.RunSQL(RETIRE, migrations.RunSQL.noop),
        migrations.RunSQL(PUBLISHED_STAYS, PUBLISHED_CHANGES),
    ]
