import pytest
from rewriter.integrations.embedded import Desk, serve


@pytest.fixture
def desk():
    """A helpdesk in memory whose limits are lifted."""
    return Desk(limits={})


@pytest.fixture
def served(desk):
    """The desk on loopback behind both vendors' APIs: `served.environment("zendesk")` leads an adapter to it."""
    with serve(zendesk=desk, freshdesk=desk) as up:
        yield up
