"""Listings are found by their bundle; built, and those there are looked at, while the shop is open."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [('catalog', '0005_bundles')]

    operations = [
        AddIndexConcurrently(
            model_name='listing',
            index=models.Index(condition=models.Q(('bundle__isnull', False)), fields=['bundle'], name='catalog_listing_bundle_idx'),
        ),
        ValidateConstraint(model_name='listing', name='catalog_listing_names_one'),
    ]
