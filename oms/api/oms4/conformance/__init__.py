"""An independent check of any installation that speaks the OMS4 Open API, ours or another's.

It needs the standard library alone and imports nothing of this product: it signs, sends and reads
by itself, written from the contract. Its modules import each other by relative names, so the
folder may be copied away and run as `python -m conformance`; here it is
`python -m oms.api.oms4.conformance`. `--help` tells which world it needs.

It places and cancels orders and changes the stock of one SKU: give it a tenant made for tests.
"""
