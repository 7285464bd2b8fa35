"""`ai-scientist images`: what programs in the sandbox see; which of it is here, and building it."""

from __future__ import annotations

import sys
import time

import click


@click.group(invoke_without_command=True)
@click.pass_context
def images(context: click.Context) -> int:
    """List the images in which programs run; `images build` builds them, `images prune` removes what nobody uses."""
    if context.invoked_subcommand is None:
        listed()
    return 0


@images.command()
@click.argument("names", nargs=-1, metavar="[python] [latex] [torch]")
@click.option("--sandbox", type=click.Choice(["docker", "bubblewrap"]), help="Default: docker where an engine answers.")
@click.option("--base", help="docker: a Debian image with Python 3.11 or newer, to build on.")
@click.option("--index", metavar="URL", help="docker: where Python packages come from. Default: as pip is configured.")
def build(names: tuple[str, ...], sandbox: str | None, base: str | None, index: str | None) -> int:
    """Build images: those that are not here yet, or, with --base or --index, anew. Without a name: python and latex."""
    from ai_scientist_sandbox import SandboxError, dockerfiles, open_host
    from ai_scientist_sandbox.engine import Engine
    from ai_scientist_sandbox.recipes import recipe_names, usual_names

    from ai_scientist.errors import InputError, MachineError

    if unknown := set(names) - set(recipe_names()):
        known = ", ".join(recipe_names())
        raise InputError(f"There is no image '{min(unknown)}'; there are {known}.")
    taken = sandbox or ("docker" if engine_answers() else "bubblewrap")
    if (base or index) and taken != "docker":
        raise InputError("--base and --index are for Docker images, and no Docker engine is used here.")
    try:
        for name in names or usual_names():
            begun = time.monotonic()
            if base or index:
                image = dockerfiles.rebuild(Engine(), name, say, base or dockerfiles.BASE, index).image
            else:
                image = open_host(taken, progress=say).image(name)
            click.echo(f"{taken:12}{name:8}{image.digest[:19]}  ({time.monotonic() - begun:.0f} s)")
    except SandboxError as error:
        raise MachineError(f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.") from None
    return 0


@images.command()
@click.option("--days", type=click.FloatRange(0), default=0, help="Only those that no run began to use for so long.")
def prune(days: float) -> int:
    """Remove images with extra packages that no running process uses. A run builds its own again when it is resumed."""
    from ai_scientist_sandbox import SandboxError
    from ai_scientist_sandbox.inventory import prune as prune_images

    from ai_scientist.errors import MachineError

    try:
        pruned = prune_images(days)
    except (SandboxError, OSError) as error:
        raise MachineError(f"Not all could be removed: {str(error).rstrip('.')}.") from None
    for one in pruned:
        freed = f" ({one.size / 1e6:,.0f} MB)" if one.size else ""
        click.echo(f"{one.name}  {f'left: {one.why}' if one.why else f'removed{freed}'}")
    if not pruned:
        click.echo("There is no image with extra packages.")
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

    found = inventory()
    wide = max(7, *(len(one.name) for one in found)) + 1
    click.echo(f"{'sandbox':12}{'image':{wide}}{'digest':21}{'size':>9}  where")
    for one in found:
        if one.digest is None:
            click.echo(f"{one.sandbox:12}{one.name:{wide}}{one.fault}")
            continue
        size = one.size()
        size = "" if size is None else f"{size / 1e6:,.0f} MB"
        click.echo(f"{one.sandbox:12}{one.name:{wide}}{one.digest[:19]:21}{size:>9}  {one.tag}")
        if one.added:
            click.echo(f"{'':12}  with {', '.join(one.added)}")


def say(text: str) -> None:
    click.echo(text, err=True)
    sys.stderr.flush()
