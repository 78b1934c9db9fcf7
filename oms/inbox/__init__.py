"""What is stuck: reason, deadline, owner, suggested fix; entries close themselves."""
