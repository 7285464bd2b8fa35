"""`python -m ai_scientist` is `ai-scientist`."""

from ai_scientist.cli import main

main()
