"""`ai-scientist images`: what programs in the sandbox see; which of it is here, and building it."""

from __future__ import annotations

import sys
import time

import click


@click.group(invoke_without_command=True)
@click.pass_context
def images(context: click.Context) -> int:
    """List the images in which programs run; `images build` builds them."""
    if context.invoked_subcommand is None:
        listed()
    return 0


@images.command()
@click.argument("names", nargs=-1, metavar="[python] [latex]")
@click.option("--sandbox", type=click.Choice(["docker", "bubblewrap"]), help="Default: docker where an engine answers.")
@click.option("--base", help="docker: a Debian image with Python 3.11 or newer, to build on.")
@click.option("--index", metavar="URL", help="docker: where Python packages come from. Default: as pip is configured.")
def build(names: tuple[str, ...], sandbox: str | None, base: str | None, index: str | None) -> int:
    """Build images: those that are not here yet, or, with --base or --index, anew."""
    from ai_scientist_sandbox import SandboxError, dockerfiles, open_host
    from ai_scientist_sandbox.engine import Engine
    from ai_scientist_sandbox.images import recipe_names

    from ai_scientist.errors import InputError, MachineError

    if unknown := set(names) - set(recipe_names()):
        known = " and ".join(recipe_names())
        raise InputError(f"There is no image '{min(unknown)}'; there are {known}.")
    taken = sandbox or ("docker" if engine_answers() else "bubblewrap")
    if (base or index) and taken != "docker":
        raise InputError("--base and --index are for Docker images, and no Docker engine is used here.")
    try:
        for name in names or recipe_names():
            begun = time.monotonic()
            if base or index:
                image = dockerfiles.rebuild(Engine(), name, say, base or dockerfiles.BASE, index).image
            else:
                image = open_host(taken, progress=say).image(name)
            click.echo(f"{taken:12}{name:8}{image.digest[:19]}  ({time.monotonic() - begun:.0f} s)")
    except SandboxError as error:
        raise MachineError(f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.") from None
    return 0


def engine_answers() -> bool:
    from ai_scientist_sandbox import SandboxError
    from ai_scientist_sandbox.engine import Engine

    try:
        Engine()
    except SandboxError:
        return False
    return True


def listed() -> None:
    """A line for each image and each back end that has images of its own."""
    from ai_scientist_sandbox.inventory import inventory

    click.echo(f"{'sandbox':12}{'image':8}{'digest':21}{'size':>9}  where")
    for one in inventory():
        if one.digest is None:
            click.echo(f"{one.sandbox:12}{one.name:8}{one.fault}")
            continue
        size = one.size()
        size = "" if size is None else f"{size / 1e6:,.0f} MB"
        click.echo(f"{one.sandbox:12}{one.name:8}{one.digest[:19]:21}{size:>9}  {one.tag}")


def say(text: str) -> None:
    click.echo(text, err=True)
    sys.stderr.flush()
