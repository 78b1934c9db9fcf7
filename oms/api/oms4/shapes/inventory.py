"""Contract section 5.8."""

from oms.api.oms4.kinds import CODE, FLAG, Objects, Whole
from oms.api.oms4.reader import member, shape

MOST_RECORDS = 200
MOST_UNITS = 2**31 - 1

RECORD = shape(
    member("brand_code", CODE, required=True),
    member("brand_sku_code", CODE, required=True),
    member("qty", Whole(least=0, most=MOST_UNITS), about="physical stock; this or na_ind"),
    member("na_ind", FLAG, about="1: the point does not keep it"),
)
SYNC_INVENTORY = shape(member("inventory", Objects(RECORD, MOST_RECORDS), required=True))
