"""What keeps an installation from starting."""


class StartupProblem(Exception):
    """One clear sentence for the person who tried to start; never a traceback."""
