"""The agentic tree search: stages, a tree of experiments, a policy that grows it, and a loop that keeps every worker busy."""
