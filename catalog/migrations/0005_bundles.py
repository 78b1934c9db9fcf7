"""Bundles: what is sold as one and stocked as its parts (docs/adr/0031)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# Two tables, one set of codes in each organization. Whoever makes a bundle waits for open
# transactions that make SKUs, and the other way round, so each sees what the other has made.
ONE_THING = """
CREATE FUNCTION catalog_code_names_one_thing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'catalog_sku' THEN
        PERFORM pg_advisory_xact_lock_shared(hashtext('catalog.codes'),
                                             hashint8(NEW.organization_id));
        is_taken := EXISTS (SELECT FROM catalog_bundle b
                            WHERE b.organization_id = NEW.organization_id AND b.code = NEW.code);
    ELSE
        PERFORM pg_advisory_xact_lock(hashtext('catalog.codes'), hashint8(NEW.organization_id));
        is_taken := EXISTS (SELECT FROM catalog_sku s
                            WHERE s.organization_id = NEW.organization_id AND s.code = NEW.code);
    END IF;
    IF is_taken THEN
        RAISE EXCEPTION 'a code is either a SKU''s or a bundle''s'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'catalog_code_names_one_thing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_sku_code_names_one_thing BEFORE INSERT OR UPDATE OF organization_id, code
    ON catalog_sku FOR EACH ROW EXECUTE FUNCTION catalog_code_names_one_thing();
CREATE TRIGGER catalog_bundle_code_names_one_thing BEFORE INSERT OR UPDATE OF organization_id, code
    ON catalog_bundle FOR EACH ROW EXECUTE FUNCTION catalog_code_names_one_thing();
"""
UNDO = """
DROP TRIGGER catalog_bundle_code_names_one_thing ON catalog_bundle;
DROP TRIGGER catalog_sku_code_names_one_thing ON catalog_sku;
DROP FUNCTION catalog_code_names_one_thing();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_akinon'),
        ('catalog', '0004_sku_tags'),
        ('channels_app', '0005_refused_updates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('code', models.CharField(max_length=128)),
                ('name', models.CharField(blank=True, default='', max_length=255)),
                ('is_active', models.BooleanField(db_default=True, default=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundles', to='accounts.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'code'), name='catalog_bundle_code_uniq'), models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='catalog_bundle_has_code')],
            },
        ),
        migrations.CreateModel(
            name='BundlePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(default=1)),
                ('weight', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                ('bundle', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='catalog.bundle')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundle_parts', to='catalog.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'sku'), name='catalog_bundlepart_sku_uniq'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 10000)), name='catalog_bundlepart_quantity_positive'), models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='catalog_bundlepart_weight_positive')],
            },
        ),
        migrations.AddField(
            model_name='listing',
            name='bundle',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='catalog.bundle'),
        ),
        AddConstraintNotValid(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('sku__isnull', True), ('bundle__isnull', True), _connector='OR'), name='catalog_listing_names_one'),
        ),
        migrations.RunSQL(ONE_THING, UNDO),
    ]
