"""An independent check of any installation that speaks the Increff contract for external systems.

It needs the standard library alone and imports nothing of this product: it calls, receives pushes
and reads by itself, written from the contract. Its modules import each other by relative names, so
the folder may be copied away and run as `python -m conformance`; that is why it shares no module
with the kits of other languages. Here it is `python -m oms.api.increff.conformance`. `--help` tells
which world it needs.

It packs, cancels and hands over orders and changes the stock of two SKUs: give it an organization
made for tests.
"""
