"""Mode B: the six hooks of Omnitron are switched off by command, and no other."""

from collections.abc import Sequence

from demo import installation
from demo.akinon import scenery
from oms.runtime.home import Home
from tests.simulators.omnitron import Omnitron

WORDS = ("hooks", "deactivate", "--organization", scenery.ORGANIZATION)


def switch_off(home: Home, omnitron: Omnitron, six: Sequence[int]) -> list[str]:
    """Switch them off, print what the command says, and return what went wrong."""
    hooks, problems = omnitron.whisperer, []
    rehearsed = installation.manage(home, *WORDS, "--dry-run")
    if rehearsed.returncode != 0 or hooks.changed:
        problems.append(f"a dry run changed the hooks {hooks.changed}: {rehearsed.stdout[-300:]}")
    done = installation.manage(home, *WORDS)
    print(f"\nOf {len(hooks.hooks.rows)} hooks at Omnitron:\n{done.stdout}")
    if done.returncode != 0 or sorted(hooks.changed) != sorted(six):
        problems.append(f"the hooks {sorted(hooks.changed)} were changed instead of {sorted(six)}")
    if still := [key for key in six if hooks.hooks.rows[key]["is_active"]]:
        problems.append(f"the hooks {still} are active still")
    return problems
