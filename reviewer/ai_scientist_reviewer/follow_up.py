"""Re-review: a new version of a paper held against an earlier review of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ai_scientist_reviewer import prompts
from ai_scientist_reviewer.asking import Asking
from ai_scientist_reviewer.compared import compared
from ai_scientist_reviewer.document import Place
from ai_scientist_reviewer.earlier import Earlier, points_of
from ai_scientist_reviewer.forms.follow_up import FollowUpSheet, NewThing, Said, Second, SecondReading, StatusNow
from ai_scientist_reviewer.hidden import Examined
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.outside import without_addresses
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.pictures import figures_shown
from ai_scientist_reviewer.ports import FormFiller
from ai_scientist_reviewer.quotes import Compact
from ai_scientist_reviewer.records import Change, Drift, Failure, Followed, FollowUp, Promise, Review
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.shown import fence, paper_shown, results_shown

MOST_POINTS = 40
"""Earlier points that are followed, major ones first."""
MOST_SENTENCES = 80
"""New ones, and gone ones, that are shown."""
LONGEST_LETTER = 60_000
"""Characters."""


def follow_up(
    paper: Paper,
    earlier: Review,
    now: Review,
    reader: FormFiller,
    checker: FormFiller,
    *,
    earlier_text: str = "",
    letter: str = "",
    letter_name: str = "",
    results: Results | Mapping[str, Any] | None = None,
    stop_on: tuple[type[Exception], ...] = (),
) -> tuple[FollowUp, tuple[Failure, ...]]:
    """What became of each earlier point, what is new, what the letter says and what the manuscript does, and how scores moved.

    Args:
        paper: the new version, as read.
        now: the panel's review of it, made without a look at the earlier one.
        reader: judges; checker: checks what was judged, and is another model where there is one.
        earlier_text: of the version that was reviewed then, where it is known.
        letter: the authors' response.
        results: as in `panel.review`.
        stop_on: as in `panel.review`.
    """
    case = _Case(
        paper.examined,
        earlier,
        earlier_text,
        without_addresses(letter)[:LONGEST_LETTER],
        results_shown(results),
        Asking(stop_on),
    )
    same = earlier.sha256 == paper.sha256
    points, changes, promises, notes, failures = case.by_rule() if same else case.judged(reader, checker)
    done = FollowUp(
        title=earlier.title,
        file=earlier.file,
        sha256=earlier.sha256,
        form=earlier.form,
        same_file=same,
        paged=paper.source == "pdf",
        points=points,
        changes=changes,
        promises=promises,
        letter=letter_name if letter else "",
        drift=drift(earlier, now),
        notes=(*notes, *_about(earlier, now)),
        authors=() if same else tuple(dict.fromkeys((reader.name, checker.name))),
    )
    return done, tuple(failures)


def drift(earlier: Review, now: Review) -> dict[str, Drift]:
    """The scores that both forms ask on the same scale."""
    scales = {scale.name: (scale.low, scale.high) for scale in earlier.scales}
    return {
        scale.name: Drift(before=earlier.scores.get(scale.name), now=now.scores.get(scale.name))
        for scale in now.scales
        if scales.get(scale.name) == (scale.low, scale.high)
    }


Judged = tuple[tuple[Followed, ...], tuple[Change, ...], tuple[Promise, ...], tuple[str, ...], list[Failure]]


class _Case:
    """The new version, the earlier review, and the letter."""

    def __init__(
        self, examined: Examined, earlier: Review, earlier_text: str, letter: str, results: Any, asking: Asking
    ) -> None:
        self.examined, self.earlier, self.letter, self.results, self.asking = examined, earlier, letter, results, asking
        self.paper = paper = examined.paper
        self.marks = Marks(paper)
        self.points = points_of(earlier)[:MOST_POINTS]
        self.new, self.gone = compared(earlier_text, paper.text) if earlier_text else ([], [])

    def by_rule(self) -> Judged:
        """Of the very same file nobody need be asked."""
        points = tuple(
            self._followed(number, point, "not", "The file is the one that was reviewed: nothing has changed.", "")
            for number, point in enumerate(self.points, start=1)
        )
        notes = ("The letter was not looked at, since the file is the one that was reviewed.",) if self.letter else ()
        return points, (), (), notes, []

    def judged(self, reader: FormFiller, checker: FormFiller) -> Judged:
        values, pictures = self._values()
        prompt = prompts.render("follow_up", **values)
        answer = self.asking.ask("follow-up", reader, None, prompt, FollowUpSheet, pictures)
        if isinstance(answer, Failure):
            unread = tuple(
                self._followed(number, point, "unclear", "Nobody judged it: the comparison failed.", "")
                for number, point in enumerate(self.points, start=1)
            )
            return unread, (), (), (), [answer]
        notes: list[str] = []
        points = self._statuses(answer.points, reader.name)
        changes = tuple(self._changes(answer.changes, notes))
        promises = tuple(self._promises(answer.promises, notes))
        points, promises, failures = self._checked(points, promises, checker, values, pictures)
        return points, changes, promises, tuple(notes), failures

    def _values(self) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        shown, _ = paper_shown(self.examined)
        pictures, more = figures_shown(self.examined)
        points = [
            {
                "number": number,
                "severity": point.severity,
                "place": point.place,
                "claim": point.claim,
                "quote": point.quote,
                "fix": point.fix,
                "still_there": self._there(point.quote),
            }
            for number, point in enumerate(self.points, start=1)
        ]
        values = {
            "form": self.earlier.form,
            "venue": self.earlier.venue or self.earlier.form,
            "fence": fence(self.paper, [points, self.letter, self.results]),
            "paper": shown,
            "pictures": [picture.what for picture in pictures],
            "pictures_left_out": more,
            "points": points,
            # An earlier text may be anybody's, and in both an instruction may run over a line's end.
            "new_sentences": [without_addresses(one)[:400] for one in self.new[:MOST_SENTENCES]],
            "gone_sentences": [without_addresses(one)[:400] for one in self.gone[:MOST_SENTENCES]],
            "letter": self.letter,
            "results": self.results,
        }
        return values, tuple(picture.png for picture in pictures)

    def _there(self, quote: str) -> bool:
        return self.paper.locate(quote) is not None

    def _followed(
        self, number: int, point: Earlier, status: Any, reason: str, quote: str, readers: tuple[str, ...] = ()
    ) -> Followed:
        place = self.paper.locate(quote) if quote else None
        return Followed(
            number=number,
            claim=point.claim,
            severity=point.severity,
            fix=point.fix,
            raised_in=point.raised_in,
            earlier_quote=point.quote,
            still_there=self._there(point.quote),
            status=status,
            reason=reason,
            quote=quote if place else "",
            **_where(place),
            marks=self.marks.of(quote) if place else (),
            readers=readers,
        )

    def _statuses(self, answers: Sequence[StatusNow], reader: str) -> tuple[Followed, ...]:
        """What was said of each point; a point that is said to be better off without words that are found is unclear."""
        told = {answer.number: answer for answer in answers}
        out: list[Followed] = []
        for number, point in enumerate(self.points, start=1):
            answer = told.get(number)
            if answer is None:
                out.append(self._followed(number, point, "unclear", "It was not judged.", ""))
                continue
            shown = self._there(answer.quote)
            if answer.status in ("resolved", "partly") and not shown:
                reason = f"It is said to be {answer.status}, and the words given for that are not in the new version. {answer.reason}"
                out.append(self._followed(number, point, "unclear", reason, "", (reader,)))
            else:
                out.append(self._followed(number, point, answer.status, answer.reason, answer.quote, (reader,)))
        return tuple(out)

    def _changes(self, answers: Sequence[NewThing], notes: list[str]) -> Iterator[Change]:
        for answer in answers[:8]:
            place = self.paper.locate(answer.quote)
            if place is None:
                notes.append(f"Dropped, since its words are not in the new version: {answer.what}")
            else:
                marks = self.marks.of(answer.quote)
                yield Change(what=answer.what, quote=answer.quote, **_where(place), marks=marks)

    def _promises(self, answers: Sequence[Said], notes: list[str]) -> Iterator[Promise]:
        letter = Compact.of((char, None) for char in self.letter)
        for answer in answers:
            if not letter.find(answer.letter):
                notes.append(f"Dropped, since its words are not in the letter: {answer.claim}")
                continue
            place = self.paper.locate(answer.quote) if answer.quote else None
            kept, reason = answer.kept, answer.reason
            unfounded = kept != "not found" and place is None
            if unfounded:
                reason = f"It is said to be done, and the words given for that are not in the new version. {reason}"
            yield Promise(
                claim=answer.claim,
                letter=answer.letter,
                kept="unclear" if unfounded else kept,
                reason=reason,
                quote=answer.quote if place else "",
                **_where(place),
            )

    def _checked(
        self,
        points: tuple[Followed, ...],
        promises: tuple[Promise, ...],
        checker: FormFiller,
        values: Mapping[str, Any],
        pictures: Sequence[bytes],
    ) -> tuple[tuple[Followed, ...], tuple[Promise, ...], list[Failure]]:
        """What speaks for the authors is read a second time; the less favourable reading stands, and both are told."""
        better = [i for i, point in enumerate(points) if point.status in ("resolved", "partly")]
        done = [i for i, promise in enumerate(promises) if promise.kept in ("kept", "partly")]
        items = [self._item(points[i]) for i in better] + [_promised(promises[i]) for i in done]
        if not items:
            return points, promises, []
        numbered = [{"number": number, **item} for number, item in enumerate(items, start=1)]
        left = ("points", "new_sentences", "gone_sentences")
        shared = {key: value for key, value in values.items() if key not in left}
        prompt = prompts.render("verify_follow_up", **shared, items=numbered)
        answer = self.asking.ask("follow-up", checker, None, prompt, SecondReading, pictures)
        if isinstance(answer, Failure):
            return points, promises, [answer]
        second = {one.number: one for one in answer.answers}
        told, kept = list(points), list(promises)
        for number, i in enumerate(better, start=1):
            if one := second.get(number):
                told[i] = _lowered(points[i], one, checker.name)
        for number, i in enumerate(done, start=len(better) + 1):
            if one := second.get(number):
                kept[i] = _less_kept(promises[i], one)
        return tuple(told), tuple(kept), []

    def _item(self, point: Followed) -> dict[str, str]:
        status = "partly resolved" if point.status == "partly" else point.status
        asked = self.points[point.number - 1].fix
        told = {"about": point.claim, "asked": asked, "reason": point.reason, "quote": point.quote}
        return {"statement": f"This earlier weakness is {status}.", **told}


def _promised(promise: Promise) -> dict[str, str]:
    part = "in part " if promise.kept == "partly" else ""
    told = {"about": promise.letter, "asked": "", "reason": promise.reason, "quote": promise.quote}
    return {"statement": f"The manuscript does {part}what the letter says.", **told}


def _lowered(point: Followed, second: Second, checker: str) -> Followed:
    """The point by the less favourable of two readings."""
    readers = tuple(dict.fromkeys((*point.readers, checker)))
    now = {"holds": point.status, "in part": "partly", "does not hold": "not"}[second.answer]
    if now == point.status:
        return point.model_copy(update={"readers": readers})
    words = {"resolved": "resolved", "partly": "partly resolved", "not": "not resolved"}
    said = (f"One reading: {words[point.status]}. {point.reason}", f"The other: {words[now]}. {second.reason}")
    reason = "Two readings differ; the less favourable one stands."
    return point.model_copy(update={"status": now, "reason": reason, "readings": said, "readers": readers})


def _less_kept(promise: Promise, second: Second) -> Promise:
    now = {"holds": promise.kept, "in part": "partly", "does not hold": "not found"}[second.answer]
    if now == promise.kept:
        return promise
    reason = f"Two readings differ. One: {promise.reason} The other: {second.reason}"
    return promise.model_copy(update={"kept": now, "reason": reason})


def _where(place: Place | None) -> dict[str, Any]:
    return {"page": place.page, "file": place.file, "line": place.line} if place else {}


def _about(earlier: Review, now: Review) -> Iterator[str]:
    if not earlier.scales:
        yield "The earlier review does not say on what scales it scored, so scores are not compared."
    elif earlier.form != now.form:
        yield f"The earlier review used another form ({earlier.venue or earlier.form}): only scores on the same scale are compared."
    if not earlier.complete:
        yield "The earlier review was not complete."
    points = points_of(earlier)
    older = list(dict.fromkeys(point.raised_in for point in points if point.raised_in))
    if older:
        n = sum(point.raised_in != "" for point in points)
        were = "1 of the points was" if n == 1 else f"{n} of the points were"
        yield f"{were} raised against an older version ({', '.join(older)}) and not resolved since."
    if len(points) > MOST_POINTS:
        yield f"{len(points) - MOST_POINTS} more earlier points were not followed."
