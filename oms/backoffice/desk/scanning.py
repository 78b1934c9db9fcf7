"""What a scan does to a packing session. All of it is stored before anything is answered."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from catalog.models import Sku
from oms.backoffice.choices import BenchQuestion, SessionEnd, Tone
from oms.backoffice.desk import board as boards
from oms.backoffice.desk import closing
from oms.backoffice.desk.board import BenchLine, Board
from oms.backoffice.desk.scans import MAX_TIMES, Command, Scan, read
from oms.backoffice.desk.work import Work
from oms.backoffice.models import BenchScan, PackingSession
from oms.kernel import errors

UNDO = f"*{Command.UNDO}*"
Todo = Callable[[PackingSession, Work], PackingSession]


class NoSuchSession(errors.NotFound):
    """Nobody packs this here."""

    code = "bench_no_such_session"


def scan(*, session_id: int, text: str, token: UUID, work: Work) -> PackingSession:
    """Take one scan. Returns the session with the answer in `said` and `tone`.

    The same token again changes nothing. Boxes and short picks are reported to the core after
    the scan is stored; what the core refuses is the answer. A session that ended stays as it is.
    Raises NoSuchSession.
    """
    session, todo = _take(session_id, read(text), token, work=work)
    return todo(session, work) if todo is not None else session


def session_of(*, session_id: int, work: Work) -> PackingSession:
    """A session of this point. Raises NoSuchSession."""
    seen = PackingSession.objects.filter(pk=session_id, task__point=work.point)
    found = seen.select_related("task__order", "task__channel", "picklist", "parcel").first()
    if found is None:
        raise NoSuchSession("Nobody packs this here")
    return found


@transaction.atomic
def _take(
    session_id: int, read_scan: Scan, token: UUID, *, work: Work
) -> tuple[PackingSession, Todo | None]:
    """Store the scan and what it changes at the bench; what has to be done beyond it."""
    PackingSession.objects.select_for_update().filter(pk=session_id).first()
    session = session_of(session_id=session_id, work=work)
    known = BenchScan.objects.filter(session=session, token=token).exists()
    if session.ended_at is not None or known:
        return session, None
    todo: Todo | None = None
    if read_scan.command is not None and not read_scan.is_unknown:
        todo = _command(session, read_scan.command, work=work)
    elif read_scan.weight_g is not None:
        session.weight_g = read_scan.weight_g
        _say(session, Tone.RIGHT, f"It weighs {read_scan.weight_g:,} g")
    else:
        _count(session, read_scan, token, work=work)
    _keep(session, read_scan, token, work=work, is_to_do=todo is not None)
    return session, todo


def _keep(
    session: PackingSession, read_scan: Scan, token: UUID, *, work: Work, is_to_do: bool
) -> None:
    """Store the answer. A scan that has work to follow may come again under its token."""
    session.changed_at = work.now
    session.save()
    if not is_to_do and not BenchScan.objects.filter(session=session, token=token).exists():
        _store(session, read_scan.text, token, at=work.now)


def _store(
    session: PackingSession,
    text: str,
    token: UUID,
    *,
    at: dt.datetime,
    line_id: int | None = None,
    units: int = 0,
) -> None:
    BenchScan.objects.create(
        session=session, token=token, text=text, task_line_id=line_id, units=units, scanned_at=at
    )


def _say(session: PackingSession, tone: Tone, text: str) -> None:
    session.tone, session.said = tone, text[:1000]


def _count(session: PackingSession, read_scan: Scan, token: UUID, *, work: Work) -> None:
    """Units of something, or how many the next scan is for."""
    if read_scan.is_unknown:
        return _say(session, Tone.WRONG, f"{read_scan.text} is no command")
    if not read_scan.code:
        return _multiply(session, read_scan)
    times = read_scan.times or session.times
    session.times, session.question = 1, ""
    board = boards.load(session)
    lines = board.with_code(read_scan.code)
    room = sum(line.left for line in lines)
    if not lines:
        return _say(session, Tone.WRONG, _stranger(read_scan.code, session))
    if times > room:
        return _say(session, Tone.WRONG, _too_many(lines[0], times, room))
    for line in lines:
        taken = min(times, line.left)
        if taken:
            _store(session, read_scan.text, token, at=work.now, line_id=line.id, units=taken)
            times -= taken
    return _say(session, Tone.RIGHT, _progress(boards.load(session), lines[0]))


def _multiply(session: PackingSession, read_scan: Scan) -> None:
    if read_scan.times is None:
        return _say(session, Tone.WRONG, "Nothing was scanned")
    session.times = min(read_scan.times, MAX_TIMES)
    return _say(session, Tone.RIGHT, f"The next scan counts {session.times} times")


def _stranger(code: str, session: PackingSession) -> str:
    """What a code that has no place here belongs to, if we know."""
    skus = Sku.objects.filter(organization_id=session.task.organization_id)
    found = skus.filter(Q(code=code) | Q(barcodes__contains=[code])).order_by("pk").first()
    if found is None:
        return f"Nobody knows {code}"
    return f"{found.code} {found.name} does not belong here"


def _too_many(line: BenchLine, times: int, room: int) -> str:
    if not room:
        return f"{line.label} is complete: put this one back"
    return f"{times} are too many: {room} more of {line.label}"


def _progress(board: Board, touched: BenchLine) -> str:
    if board.is_complete:
        return "Everything is here: scan *DONE*"
    line = next(each for each in board.lines if each.id == touched.id)
    return f"{line.counted} of {line.wanted} {line.label}"


def _command(session: PackingSession, command: Command, *, work: Work) -> Todo | None:
    asked, session.question = session.question, ""
    match command:
        case Command.DONE | Command.BOX:
            return _close_box(session, command)
        case Command.SHORT:
            _ask_short(session)
        case Command.UNDO:
            _undo(session, work=work)
        case Command.LEAVE:
            _ask(session, BenchQuestion.LEAVE, "Leave without packing? Scan *YES* or *NO*")
        case Command.YES:
            return _confirmed(session, asked, work=work)
        case Command.NO:
            _say(session, Tone.CALM, "Go on")
        case _:
            _say(session, Tone.WRONG, "Pack this first, or scan *LEAVE*")
    return None


def _ask(session: PackingSession, question: BenchQuestion, text: str) -> None:
    session.question = question
    _say(session, Tone.ASK, text)


def _close_box(session: PackingSession, command: Command) -> Todo | None:
    """*DONE* wants everything, *BOX* anything; neither takes what was cancelled."""
    if session.packing_until is not None:  # begun, and nobody heard what became of it
        return closing.pack_all
    board = boards.load(session)
    if not board.excess and board.units and not board.missing:
        return closing.pack_all
    if not board.excess and board.units and command == Command.BOX:
        return closing.pack_part
    _refuse_to_close(session, board)
    return None


def _refuse_to_close(session: PackingSession, board: Board) -> None:
    if board.excess:
        back = ", ".join(f"{line.excess} of {line.label}" for line in board.excess)
        _ask(session, BenchQuestion.BACK, f"Cancelled meanwhile: put back {back}, then scan *YES*")
    elif not board.units:
        _say(session, Tone.WRONG, "Nothing was scanned yet")
    else:
        left = ", ".join(f"{line.left} of {line.label}" for line in board.missing)
        _say(session, Tone.WRONG, f"Still missing: {left}")


def _ask_short(session: PackingSession) -> None:
    board = boards.load(session)
    if not board.missing:
        return _say(session, Tone.WRONG, "Nothing is missing")
    gone = ", ".join(f"{line.left} of {line.label}" for line in board.missing)
    return _ask(session, BenchQuestion.SHORT, f"Not to be found: {gone}? Scan *YES* or *NO*")


def _undo(session: PackingSession, *, work: Work) -> None:
    """Take out what the last scan that still counts put in."""
    counted = boards.counted_units(session)
    rows = BenchScan.objects.filter(session=session, task_line__isnull=False).order_by("-pk")
    undone = 0
    for each in rows.select_related("task_line__sku"):
        units = min(each.units, counted.get(each.task_line_id or 0, 0))
        if each.text == UNDO:
            undone += 1
        elif each.units > 0 and undone:
            undone -= 1
        elif units > 0 and each.task_line is not None:
            _store(session, UNDO, uuid4(), at=work.now, line_id=each.task_line_id, units=-units)
            return _say(session, Tone.RIGHT, f"Took {units} of {each.task_line.sku} back out")
    return _say(session, Tone.WRONG, "Nothing to take back")


def _confirmed(session: PackingSession, asked: str, *, work: Work) -> Todo | None:
    match asked:
        case BenchQuestion.SHORT:
            return closing.report_short
        case BenchQuestion.BACK:
            for line in boards.load(session).excess:
                _store(session, "*YES*", uuid4(), at=work.now, line_id=line.id, units=-line.excess)
            _say(session, Tone.RIGHT, "Put back: scan *DONE*")
        case BenchQuestion.LEAVE:
            session.end, session.ended_at = SessionEnd.LEFT, work.now
            _say(session, Tone.RIGHT, "Left without packing")
        case _:
            _say(session, Tone.WRONG, "Nothing was asked")
    return None
