"""Figures for `look`: good ones, and ones with a fault that was put in. Each is a function of an empty matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

X = np.linspace(0, 10, 40)
Draw = Callable[["Figure"], object]
WIDTH = 4.0
"""Inches, drawn and at print."""


def file(draw: Draw, kind: str = "pdf") -> bytes:
    """A figure of text of eight points in constrained layout, as PDF or PNG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    plain: dict[Any, object] = {
        "font.size": 8,
        "pdf.fonttype": 42,
        "figure.constrained_layout.use": True,
        "lines.markersize": 4,
    }
    with mpl.rc_context(plain):
        figure = Figure(figsize=(WIDTH, 2.6))
        draw(figure)
        drawn = BytesIO()
        figure.savefig(drawn, format=kind, dpi=200)
    return drawn.getvalue()


# Good ones


def curves(figure: Figure) -> None:
    axes = figure.subplots()
    for number, style in enumerate(("-", "--", ":")):
        axes.plot(X, np.exp(-X / (3 + number)), style, label=f"method {number}")
        axes.fill_between(X, np.exp(-X / (3 + number)) * 0.9, np.exp(-X / (3 + number)) * 1.1, alpha=0.2)
    axes.set(xlabel="epochs", ylabel="loss (nats)", yscale="log")
    axes.legend(loc="lower left")


def grid_of_panels(figure: Figure) -> None:
    panels = figure.subplots(2, 3, sharex=True, sharey=True)
    for number, axes in enumerate(panels.flat):
        axes.plot(X, np.sin(X + number), label="seed")
        axes.grid(lw=0.3)
        axes.set_title(f"condition {number}", fontsize=7)
    figure.supxlabel("time (s)")
    figure.supylabel("signal (V)")
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside upper right")


def bars(figure: Figure) -> None:
    axes = figure.subplots()
    found = axes.bar(["plain", "weighted", "focal"], [0.8, 0.83, 0.86], yerr=0.02, capsize=3)
    axes.bar_label(found, fmt="%.2f", label_type="center", color="white")
    axes.set_ylabel("accuracy")


def heat_map(figure: Figure) -> None:
    axes = figure.subplots()
    values = np.outer(np.arange(5), np.arange(5))
    figure.colorbar(axes.imshow(values), label="count")
    for i in range(5):
        for j in range(5):
            axes.text(j, i, str(values[i, j]), ha="center", va="center", color="white")
    axes.set(xlabel="predicted", ylabel="true")


def scatter(figure: Figure) -> None:
    axes = figure.subplots()
    random = np.random.default_rng(0)
    for name, mark in (("control", "o"), ("treated", "s")):
        axes.scatter(random.normal(size=60), random.normal(size=60), marker=mark, s=8, label=name)
    axes.set(xlabel="first component", ylabel="second component", ylim=(-3, 5))
    axes.legend(loc="upper left", ncols=2)


def twin_axes(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(X, X**2, color="#0072B2")
    axes.set(xlabel="learning rate ($10^{-3}$)", ylabel="error (%)")
    other = axes.twinx()
    other.plot(X, 100 - X, "--", color="#D55E00")
    other.set_ylabel("time (s)")


def dates(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(range(12), np.arange(12) % 5, "o-")
    axes.set_xticks(range(12), [f"month {month}" for month in range(12)], rotation=45, ha="right")
    axes.set_ylabel("requests per day")


def rows(figure: Figure) -> None:
    axes = figure.subplots()
    axes.errorbar([0.8, 0.82, 0.9], range(3), xerr=[0.02, 0.01, 0.03], fmt="s")
    axes.set_yticks(range(3), ["without augmentation", "without dropout,\nwithout decay", "everything"])
    axes.axvline(0.9, ls=":", color="0.5")
    axes.set_xlabel("test accuracy")


def annotated(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(X, np.sin(X), color="#0072B2")
    axes.annotate("maximum", (np.pi / 2, 1), (3.5, 1.2), arrowprops={"arrowstyle": "->"})
    axes.text(10.1, np.sin(10), "sine", color="#0072B2")
    axes.set(xlabel="angle $\\theta$", ylabel=r"$\frac{1}{2}\sin^2\theta$", ylim=(-1.2, 1.5), xlim=(0, 11.2))
    inset = axes.inset_axes((0.62, 0.72, 0.3, 0.25))
    inset.plot(X, np.cos(X))
    inset.tick_params(labelsize=7)


def histogram(figure: Figure) -> None:
    axes = figure.subplots()
    axes.hist(np.random.default_rng(0).normal(size=500), bins=20, label="residuals")
    axes.axvline(0, color="black", lw=0.8, label="zero")
    axes.set(xlabel="residual", ylabel="count", ylim=(0, 110))
    axes.legend(loc="upper right")


GOOD: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (curves, grid_of_panels, bars, heat_map, scatter, twin_axes, dates, rows, annotated, histogram)
}

# Ones with a fault


def line(figure: Figure, **names: object) -> None:
    """Something in order, to spoil."""
    axes = figure.subplots()
    axes.plot(X, np.sin(X))
    axes.set(**{"xlabel": "time (s)", "ylabel": "signal (V)", **names})


def ticks_over_ticks(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(range(6), range(6))
    axes.set_xticks(range(6), [f"a long name of condition {n}" for n in range(6)])
    axes.set_ylabel("accuracy")


def note_over_note(figure: Figure) -> None:
    line(figure)
    for height in (1.3, 1.33):
        figure.axes[0].text(2, height, f"a note at {height}")
    figure.axes[0].set_ylim(-1.2, 1.6)


def ticks_side_by_side(figure: Figure) -> None:
    line(figure)
    figure.axes[0].set_xticks(np.arange(0, 10.1, 0.77), [f"{n:.2f}" for n in np.arange(0, 10.1, 0.77)], fontsize=8.4)


def name_off_the_page(figure: Figure) -> None:
    line(figure)
    figure.text(0.8, 0.02, "measured on the test split")


def tiny(figure: Figure) -> None:
    line(figure)
    figure.axes[0].tick_params(labelsize=4)


def no_name_below(figure: Figure) -> None:
    line(figure, xlabel="")


def no_name_at_the_side(figure: Figure) -> None:
    panels = figure.subplots(1, 2)
    for axes in panels:
        axes.plot(X, np.sin(X))
        axes.set_xlabel("time (s)")


def legend_over_a_line(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(X, X, label="a method with a long name")
    axes.set(xlabel="epochs", ylabel="error")
    axes.legend(loc="upper right", frameon=False)


def legend_box_over_points(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(X, X, "o", ls="", label="a method with a long name")
    axes.set(xlabel="epochs", ylabel="error")
    axes.legend(loc="upper right", framealpha=1)


def red_and_green(figure: Figure) -> None:
    axes = figure.subplots()
    for colour in ("#d62728", "#2ca02c"):
        axes.plot(X, np.sin(X + len(colour)), color=colour)
    axes.plot(X, np.cos(X), color="#2ca02c")
    axes.set(xlabel="epochs", ylabel="error")


def the_same_grey(figure: Figure) -> None:
    axes = figure.subplots()
    for number, colour in enumerate(("#1f77b4", "#d62728")):
        axes.plot(X, np.sin(X + number), color=colour, label=f"method {number}")
    axes.set(xlabel="epochs", ylabel="error", ylim=(-1.1, 2))
    axes.legend(loc="upper right", ncols=2)


def an_empty_panel(figure: Figure) -> None:
    left, right = figure.subplots(1, 2)
    left.plot(X, np.sin(X))
    for axes in (left, right):
        axes.grid()
        axes.set(xlabel="epochs", ylabel="error")


def a_legend_of_nothing(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot(X, np.sin(X), color="#0072B2", label="drawn")
    axes.plot([], [], color="#D55E00", label="left out")
    axes.set(xlabel="epochs", ylabel="error", ylim=(-1.1, 2))
    axes.legend(loc="upper right")


FAULTY: dict[str, tuple[Draw, str]] = {
    draw.__name__: (draw, kind)
    for draw, kind in (
        (ticks_over_ticks, "overlap"),
        (note_over_note, "overlap"),
        (ticks_side_by_side, "overlap"),
        (name_off_the_page, "cut-off"),
        (tiny, "text-size"),
        (no_name_below, "unnamed-axis"),
        (no_name_at_the_side, "unnamed-axis"),
        (legend_over_a_line, "hidden-data"),
        (legend_box_over_points, "hidden-data"),
        (red_and_green, "colours"),
        (the_same_grey, "colours"),
        (an_empty_panel, "empty-axes"),
        (a_legend_of_nothing, "legend"),
    )
}
