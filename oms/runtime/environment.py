"""What the launcher's children are told."""

import os
import sys
from pathlib import Path

from oms.runtime import leftovers
from oms.runtime.home import PROJECT_ROOT, Home

# glibc keeps what several threads freed for each of them, and blocks up to 32 MB once it met one:
# after bulk calls and long lists that is a third of a process. These give memory back.
_MEMORY = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


def for_children(home: Home) -> dict[str, str]:
    """Our environment, completed: the home in absolute form, and programs of this interpreter.

    The servers' URLs are left out on purpose: a child that starts another installation, as the
    benchmarks do, must not reach this one's data.
    """
    programs = str(Path(sys.executable).parent)
    return (
        _MEMORY
        | os.environ
        | {
            "OMS_HOME": str(home.path),
            "OMS_PORT": str(home.port),
            "OMS_BIND": home.bind,
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(PROJECT_ROOT), os.environ.get("PYTHONPATH")])
            ),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE")
            or "oms.settings.local",
        }
    )


def for_supervised(home: Home) -> dict[str, str]:
    """The same for what must not outlive its launcher."""
    return for_children(home) | {leftovers.MARK: str(home.path)}
