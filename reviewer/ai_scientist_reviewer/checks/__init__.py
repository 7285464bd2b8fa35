from ai_scientist_reviewer.checks.old import RULES, Check, UncheckableError, check, rule

__all__ = ["RULES", "Check", "UncheckableError", "check", "rule"]
