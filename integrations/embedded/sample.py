"""A desk with lifelike tickets of many trades, for the demo and for whoever wants to see what the product does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from rewriter.datafile import read_toml

from .desk import Desk, FaceName, Person

TICKETS = Path(__file__).parent / "tickets"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a sample ticket; `ago` is in hours."""

    by: Literal["customer", "agent", "draft"]
    ago: float
    html: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample ticket, opened by its first message."""

    industry: str
    subject: str
    customer: str
    email: str
    agent: str
    messages: tuple[Message, ...]
    language: str = "en"
    channel: str = "email"
    priority: str = "normal"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Samples:
    """A file of sample tickets."""

    tickets: tuple[Sample, ...]


def sample_desk(face: FaceName, *, request_tag: str = "rewrite_requested", tickets_from: int = 1001) -> Desk:
    """Return a desk with the sample tickets of one helpdesk, each of which asks for a rewrite."""
    desk = Desk(tickets_from=tickets_from)
    agents: dict[str, Person] = {}
    for sample in read_toml(TICKETS / f"{face}.toml", Samples).tickets:
        opening, *later = sample.messages
        customer = desk.add_person(sample.customer, sample.email, language=sample.language)
        if sample.agent not in agents:
            email = f"{sample.agent.lower().replace(' ', '.')}@example.com"
            agents[sample.agent] = desk.add_person(sample.agent, email, role="agent", language=sample.language)
        agent = agents[sample.agent]
        ticket = desk.open_ticket(
            sample.subject,
            customer,
            opening.html.strip(),
            at=desk.now() - timedelta(hours=opening.ago),
            channel=sample.channel,
            priority=sample.priority,
            tags=[*sample.tags, request_tag],
            assignee=agent,
        )
        for message in later:
            desk.say(
                ticket,
                customer if message.by == "customer" else agent,
                message.html.strip(),
                public=message.by != "draft",
                channel=sample.channel if message.by == "customer" else "web",
                at=desk.now() - timedelta(hours=message.ago),
            )
    return desk
