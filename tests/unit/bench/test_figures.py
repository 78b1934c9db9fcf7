from bench.figures import FIGURES, chosen
from bench.rows import ROWS


def test_a_figure_brings_what_it_is_compared_with():
    assert chosen(["P4"]) == ["F1", "P1", "F2", "P4"]


def test_every_row_belongs_to_a_figure_and_every_figure_has_a_row():
    assert {row.figure for row in ROWS} == set(FIGURES)
