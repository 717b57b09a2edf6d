"""What a run has sent of all that its contract lets be sent, right and wrong, and which statuses came."""
