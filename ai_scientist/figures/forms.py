"""What a model fills in about figures."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Drawing(BaseModel):
    """A figure, as a script that draws it."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40, description="short, with hyphens")
    caption: str = Field(max_length=1200, description="what is drawn, over how many seeds, what the bars or bands are")
    shows: str = Field(max_length=600, description="what a reader is to see in it, in one sentence without numbers")
    width: float = Field(default=5.5, ge=2.0, le=6.5, description="inches at print; the text is 6 wide")
    script: str = Field(max_length=40_000, description="the whole Python program")


class DrawingsForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    figures: list[Drawing] = Field(min_length=1, max_length=6)


class RedrawForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    figure: Drawing


class LookForm(BaseModel):
    """What somebody sees who looks at a figure."""

    model_config = ConfigDict(frozen=True)

    shows: str = Field(max_length=1200, description="what the picture shows, whatever it is said to show")
    as_said: bool = Field(description="whether that is what the caption and the sentences about it say")
    misstated: list[str] = Field(
        default_factory=list,
        max_length=8,
        description="each sentence of the paper that says what the picture does not show: quoted, and what is shown instead",
    )
    faults: list[str] = Field(
        max_length=8, description="what is wrong with the picture or its caption, each in a sentence"
    )
    redraw: bool = Field(description="whether it has to be drawn again")
