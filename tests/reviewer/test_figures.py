from io import BytesIO

import pytest
from ai_scientist_reviewer.figures import look


def _drawn(colours=("#0072B2", "#D55E00"), *, lines: bool = True, dpi: int = 150, at=None, width: float = 6.4) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 4.8))
    axes = figure.subplots()
    if lines:
        for i, colour in enumerate(colours):
            axes.plot([0, 1, 2], [i, i + 1, i], color=colour, linewidth=2)
    axes.set(xlabel="epochs", ylabel="error")
    if at is not None:
        axes.set_position(at)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=dpi)
    return file.getvalue()


def _empty() -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (800, 600), "white").save(file, "PNG")
    return file.getvalue()


def _kinds(png: bytes, width_inches: float | None = None) -> list[str]:
    return [fault.kind for fault in look(png, width_inches=width_inches)]


def test_a_figure_in_order_has_no_fault() -> None:
    assert look(_drawn()) == ()
    assert look(_drawn(), width_inches=3.3) == ()


@pytest.mark.parametrize(
    ("png", "kind"),
    [
        (_empty, "blank"),
        (lambda: _drawn(lines=False), "empty-axes"),
        (lambda: _drawn(at=[0, 0, 0.8, 0.8]), "cut-off"),
        (lambda: _drawn(dpi=60), "resolution"),
        (lambda: _drawn(dpi=30), "size"),
        (lambda: _drawn(["#2ca02c", "#d62728"]), "colours"),
        (lambda: b"no picture", "unreadable"),
        (lambda: _drawn()[:2000], "unreadable"),
    ],
)
def test_a_fault_is_seen_and_no_other(png, kind: str) -> None:
    assert _kinds(png()) == [kind]


def test_resolution_follows_the_print_size() -> None:
    assert _kinds(_drawn(), width_inches=9) == ["resolution"]


def test_a_heat_map_is_not_cut_off_and_has_no_main_colours() -> None:
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 255, (400, 700, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    assert look(file.getvalue()) == ()
