"""`python -m ai_scientist_reviewer check PAPER...`: checks without a model. `… PAPER.pdf [OUT]`: a review without one, in the folder OUT."""

from __future__ import annotations

import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["check"]:
        from ai_scientist_reviewer import command

        return command.main(arguments[1:])
    from ai_scientist_reviewer.files import review_file
    from ai_scientist_reviewer.offline import OfflineReferee
    from ai_scientist_reviewer.paper import PaperError

    if len(arguments) not in (1, 2) or arguments[0] in ("-h", "--help"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    path = Path(arguments[0])
    out = Path(arguments[1]) if len(arguments) == 2 else path.with_name(f"{path.stem}-review")
    try:
        review_file(path, [OfflineReferee()], out)
    except (PaperError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{out / 'review.md'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
