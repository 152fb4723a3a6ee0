"""Rating as columns: the one door to the rating kernel."""
