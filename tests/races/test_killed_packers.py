"""Processes that pack are killed at any moment: what they left behind has no gap and no double."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fulfillment.models import FulfillmentTask, Invoice, InvoiceSeries, Parcel
from oms.backoffice.invariants import INVARIANTS, verify
from tests.integration.fulfillment.builders import disagreements, routed
from tests.races.test_pack_shipment_races import environment_of_the_test

pytestmark = pytest.mark.django_db(transaction=True)

PACKERS = 32
TASKS = int(os.environ.get("OMS_KILLED_TASKS", "96"))  # 600 for the record
MOST_BEFORE_A_KILL = 2
_SEED = 7

# Each thread packs every so many-th task, and says of each what it was given.
_PACKER = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.db import connection
from django.utils import timezone
from fulfillment import services
from fulfillment.models import TaskLine
from oms.kernel.actors import SYSTEM

packers, tasks = int(sys.argv[1]), [int(text) for text in sys.argv[2].split(",")]

def pack(task_id):
    lines = TaskLine.objects.filter(task_id=task_id).values_list("pk", "quantity")
    draft = services.ShipmentDraft(task_id=task_id, units=dict(lines))
    made = services.pack_shipment(draft=draft, actor=SYSTEM, now=timezone.now())
    os.write(1, f"{task_id} {made.invoice.code}\\n".encode())  # whole lines, whoever else writes

def work(share):
    try:
        for task_id in share:
            pack(task_id)
    finally:
        connection.close()

os.write(1, b"ready\\n")
with ThreadPoolExecutor(packers) as pool:
    list(pool.map(work, [tasks[place::packers] for place in range(packers)]))
"""


def test_killed_packers_leave_no_gap_in_the_numbers():
    first = routed()
    cases = [first, *(routed(point=first.point) for _ in range(TASKS - 1))]
    dice = random.Random(_SEED)
    told: dict[int, set[str]] = {}
    kills = 0

    for _ in range(3 * TASKS):
        left = open_tasks()
        if not left:
            break
        kills += run_and_kill(left, told, dice)

    assert open_tasks() == []
    assert kills >= 3
    codes = dict(Invoice.objects.values_list("parcel__task_id", "code"))
    assert len(codes) == Invoice.objects.count() == Parcel.objects.packed().count() == len(cases)
    assert [told[task_id] for task_id in told] == [{codes[task_id]} for task_id in told]
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(cases) + 1))
    assert InvoiceSeries.objects.get().last_number == len(cases)
    assert list(disagreements()) == []
    assert [each.code for each in INVARIANTS if not verify(each).holds] == []
    print(f"\n{len(cases)} packed by {PACKERS} threads, {kills} kills, numbers 1 to {len(numbers)}")


def open_tasks() -> list[int]:
    waiting = FulfillmentTask.objects.filter(status="CREATED").order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def run_and_kill(tasks: list[int], told: dict[int, set[str]], dice: random.Random) -> int:
    """Let a process pack some, kill it at any moment after, and keep what it said; 1 if it was
    killed. How many it packs first is drawn, not how long it may: the machine may be slow."""
    command = [sys.executable, "-c", _PACKER, str(PACKERS)]
    with subprocess.Popen(
        [*command, ",".join(map(str, tasks))],
        env=environment_of_the_test(),
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # Nothing is said by one whose last task the killed one before had packed after all.
        said = list(itertools.islice(process.stdout, dice.randint(0, MOST_BEFORE_A_KILL)))
        time.sleep(dice.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)  # nothing happens to one that is done
        said += process.stdout
    for line in said:
        task_id, _, code = line.strip().partition(" ")
        told.setdefault(int(task_id), set()).add(code)
    return int(process.returncode == -signal.SIGKILL)
