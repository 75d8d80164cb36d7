"""Turn an article into an episode to listen to."""
