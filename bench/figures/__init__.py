"""How each figure is measured, one function per figure and round."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from bench.context import Bench, Values
from bench.figures import bulk, database, intake, labels, lists, lives, stock, webhooks


class Stage(Enum):
    """When a figure is measured."""

    FEW = "over few stored orders"
    MANY = "over many stored orders"
    END = "after everything else"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: how a round of it is measured, and what it is compared with."""

    measure: Callable[[Bench], Values] | None
    stage: Stage = Stage.FEW
    needs: tuple[str, ...] = ()


FIGURES: Mapping[str, Figure] = {
    "F1": Figure(intake.f1),
    "P1": Figure(intake.p1, needs=("F1", "F2")),
    "F2": Figure(intake.f2),
    "P2": Figure(intake.p2, needs=("F1",)),
    "P4": Figure(intake.p4, needs=("P1",)),
    "P1U": Figure(intake.p1_unpaid, needs=("F1",)),
    "P5": Figure(intake.p5),
    "P6": Figure(lives.p6),
    "F4": Figure(database.floor("F4")),
    "F5": Figure(database.floor("F5")),
    "F6": Figure(database.floor("F6")),
    "C9": Figure(database.floor("C9", clients=1)),
    "P3": Figure(bulk.p3, needs=("F6",)),
    "P9": Figure(stock.p9, needs=("C9",)),
    "P9B": Figure(stock.p9_bulk, needs=("C9",)),
    "F8": Figure(webhooks.f8),
    "P10": Figure(webhooks.p10, needs=("F1", "F8")),
    "P11": Figure(labels.p11),
    "P7": Figure(lists.p7, Stage.MANY),
    "P8": Figure(lists.p8, Stage.MANY),
    "F1N": Figure(intake.f1_again, Stage.MANY, needs=("F1",)),
    "P1N": Figure(intake.p1_many, Stage.MANY, needs=("P1", "F1N")),
    "P2N": Figure(intake.p2_many, Stage.MANY, needs=("P2", "F1N")),
    "F8N": Figure(webhooks.f8_again, Stage.MANY, needs=("F8",)),
    "P10N": Figure(webhooks.p10_many, Stage.MANY, needs=("P10", "F8N")),
    "P12": Figure(None, Stage.END),
    "P13": Figure(None, Stage.END),
    "P14": Figure(None, Stage.END),
}


def chosen(names: Collection[str]) -> list[str]:
    """The figures asked for and what they are compared with, in order; all when none is named."""
    wanted = set(names) or set(FIGURES)
    while missing := {need for name in wanted for need in FIGURES[name].needs} - wanted:
        wanted |= missing
    return [name for name in FIGURES if name in wanted]
