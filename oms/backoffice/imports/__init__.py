"""Orders from CSV files: streaming, resumable, without doubles, and with nothing dropped.

A mapping turns the rows of one document (an invoice, an order) into an order, a cancellation, or
refusals. `importing` reads, applies in batches and remembers how far it came.
"""

from oms.backoffice.imports.base import Mapping
from oms.backoffice.imports.importing import FileUnreadable, Importer
from oms.backoffice.imports.online_retail import OnlineRetail
from oms.backoffice.imports.simple import Simple
from oms.backoffice.imports.totals import Totals

MAPPINGS: dict[str, Mapping] = {mapping.name: mapping for mapping in (OnlineRetail(), Simple())}

__all__ = ["MAPPINGS", "FileUnreadable", "Importer", "Mapping", "Totals"]
