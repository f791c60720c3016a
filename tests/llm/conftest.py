"""Real models are fetched and run only where they are asked for: `pytest -m llm tests/llm`, or `make test-llm`."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.markexpr == "llm":
        return
    for item in items:
        if item.get_closest_marker("llm"):
            item.add_marker(pytest.mark.skip(reason="a real model: make test-llm"))
