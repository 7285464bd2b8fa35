"""The offline model: rules that answer the same prompts as a hosted model, for a family of studies. Deterministic."""
