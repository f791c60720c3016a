"""A helpdesk on loopback that speaks both vendors' APIs, for the demo, the tests and whoever writes an adapter.

It follows what the vendors document, traps included: search results that lag, `public` that is inherited where it
is left out, tags that are replaced, stamps of whole seconds, a 429 in plain text. No account, no key, no network.

    from rewriter.integrations.embedded import Desk, serve

    desk = Desk(lag=2.0)                                    # the search index shows changes two seconds late
    ana = desk.add_person("Ana Duarte", "ana@example.com")
    sam = desk.add_person("Sam Okoro", "sam@example.com", role="agent")
    ticket = desk.open_ticket("Refund", ana, "<p>Where is my money?</p>", tags=["vip"])
    desk.say(ticket, sam, "<p>It went out on March 3.</p>", public=False)
    desk.tag(ticket, "rewrite_requested")

    with serve(zendesk=desk) as served:
        served.environment("zendesk")                       # the settings that lead an adapter here
        served.url                                          # the agents' page

The faces stand under `/zendesk` (`/zendesk/api/v2/tickets.json`, `/zendesk/oauth/tokens`) and `/freshdesk`; one
desk may stand behind both. What a program did to it is seen in `desk.tickets`, `desk.calls` and, on Zendesk,
`ticket.audits`. Time is `Desk(clock=...)`; limits are a plan's, lifted by `Desk(limits={})`.

A fault stands between a call and its answer, on any of the desk's calls:

    def lose_the_answer(call, answer):
        response = answer()                                 # the call is carried out
        if call.method == "PUT":
            raise ConnectionResetError                      # and nobody hears of it
        return response

    desk.faults.append(lose_the_answer)

A trigger is what a business rule does after a write by API:

    desk.triggers.append(lambda desk, ticket: desk.tag(ticket, "seen_by_rule"))
"""

from .desk import Allowance, Call, Comment, Credentials, Desk, Fault, Person, Ticket
from .server import Served, serve

__all__ = ["Allowance", "Call", "Comment", "Credentials", "Desk", "Fault", "Person", "Served", "Ticket", "serve"]
