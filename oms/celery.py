"""The Celery application. Rows are the jobs; messages are hints (docs/adr/0003)."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import worker_process_init

from oms.kernel import collector, logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings.local")


class NamedTask(Task[Any, Any]):
    """Log lines written while a job runs say which job it is."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with logs.about(job=self.name, job_id=self.request.id or ""):
            return super().__call__(*args, **kwargs)


app = Celery("oms", task_cls=NamedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _ready_for_work(**_: object) -> None:
    collector.leave_out_what_is_here()
