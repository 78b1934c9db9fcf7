"""What happened, in the words of the contract: messages of webhooks and of the feed (4.12)."""
