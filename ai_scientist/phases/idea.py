"""From the topic to an idea, with what the literature says."""

from __future__ import annotations

from ai_scientist.ideas.propose import propose
from ai_scientist.literature.base import ask as ask_sources
from ai_scientist.phases import gates
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.services import Services
from ai_scientist.topic import headline

WORKS = 12
"""Works shown with the topic."""


def propose_idea(services: Services) -> None:
    """Propose an idea; after a rejection, another one with the reason fed back.

    Raises:
        TopicRefused: the offline model does not know the topic.
        Waiting: the user wants to see the idea first.
    """
    run = services.run
    made = run.progress.rounds("idea")
    note = gates.rejection(run.progress, "idea", made) if made else ""
    if note is not None:
        made += 1
        found = ask_sources(services.sources, headline(run.topic), WORKS)
        if found.verdict != "PASS":
            run.degrade("the literature could not be searched for the topic", found.why)
        idea = propose(
            run.topic,
            found.references,
            services.desk.model("ideas", f"idea-{made}"),
            services.config,
            literature=found.why if found.verdict != "PASS" else "",
            note=note,
            earlier=services.idea if note else None,
            data=run.data,
            packages=run.environment.importable,
        )
        run.write(run.idea_json, idea.model_dump_json(indent=1))
        run.append(PhaseFinished(phase="idea", round=made))
    gates.ask(services, "idea", made, run.idea_json)
