"""Tasks, parcels, documents and routing: how an order leaves a point."""
