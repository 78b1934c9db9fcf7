from oms.api.oms4.kinds import Whole
from oms.api.oms4.reader import member

LARGEST_PAGE = 50
PAGING = (
    member("offset", Whole(least=0), default=0, about="records to skip"),
    member("limit", Whole(least=1), default=LARGEST_PAGE, about="at most 50; more is read as 50"),
)
