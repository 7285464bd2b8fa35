"""What a review needs from the application: who sits on the panel, what other work there is, what it will cost."""
