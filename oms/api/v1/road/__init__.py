"""The rules of the road: what every resource of /v1 shares."""
