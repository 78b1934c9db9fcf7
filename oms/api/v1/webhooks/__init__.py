"""`/v1/webhook-endpoints`: where news is sent, and how that goes."""
