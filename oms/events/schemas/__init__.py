"""The JSON Schema of each event type's message in Standard Webhooks, version 1.

`<type>.v1.json` beside this module are what receivers are given: written by
`python -m oms.events.schemas` from the table in `members`, never by hand. Within a version members
are only added; receivers ignore what they do not know.
"""
