"""The agentic tree search: stages, a tree of experiments, a policy that grows it, a loop that keeps workers busy."""
