"""Reply Rewriter: drafts of support agents, rewritten with empathy and without changing a single fact."""

__version__ = "0.1.0"
