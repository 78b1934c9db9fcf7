"""The change list of big tables: pages by key, counts that stop, rows prepared in one go."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

from oms.backoffice import keyset
from oms.backoffice.counting import Count, capped_count, table_count
from oms.backoffice.keyset import AFTER, BEFORE, CURSOR_PARAMS, LAST, Cursor, Ordering, Page


class PagedByKey(Protocol):
    """What a list that pages by key asks of its admin class."""

    keyset: ClassVar[Ordering]
    left_out: ClassVar[tuple[str, ...]]

    def partitions(self, request: HttpRequest) -> Iterable[int]: ...
    def prepare_rows(self, request: HttpRequest, rows: list[Any]) -> None: ...


class KeysetChangeList(ChangeList):
    """Replaces the counting paginator of Django's change list; filters and search stay its own."""

    page: Page
    total: Count

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        params = request.GET.copy()
        self.cursor = Cursor.taken_from(
            {name: str(params[name]) for name in CURSOR_PARAMS if name in params}
        )
        for name in CURSOR_PARAMS:
            params.pop(name, None)
        vars(request)["GET"] = params  # else the cursor would be taken for a filter
        super().__init__(request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        """Read one page; a cursor that is not ours leads to the first one."""
        manager = cast("PagedByKey", self.model_admin)
        self.partitions = [] if self.query else list(manager.partitions(request))
        try:
            self.page = keyset.read_page(
                self.queryset.defer(*manager.left_out),
                manager.keyset,
                self.cursor,
                size=self.list_per_page,
                partitions=self.partitions,
            )
        except keyset.BadCursor as exc:
            raise IncorrectLookupParameters(str(exc)) from exc
        rows = self.page.rows
        manager.prepare_rows(request, rows)
        self.total = self._counted(rows)
        self.result_list = rows
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(rows)
        self.paginator = Paginator(rows, self.list_per_page)

    def _counted(self, rows: list[Any]) -> Count:
        is_whole = not (self.page.newer or self.page.older)
        if is_whole and not self.cursor.direction:
            return Count(len(rows))
        if not self.queryset.query.where:
            return table_count(self.model)
        manager = cast("PagedByKey", self.model_admin)
        column, values = manager.keyset.partition, list(self.partitions)
        spelled_out = {f"{column}__in": values} if column and values else {}
        return capped_count(self.queryset.filter(**spelled_out))

    @property
    def newer_link(self) -> str:
        return self._link(BEFORE, self.page.newer)

    @property
    def older_link(self) -> str:
        return self._link(AFTER, self.page.older)

    @property
    def first_link(self) -> str:
        return self.get_query_string() if self.page.newer else ""

    @property
    def last_link(self) -> str:
        return self._link(LAST, "1" if self.page.older else "")

    def _link(self, name: str, value: str) -> str:
        return self.get_query_string({name: value}) if value else ""
