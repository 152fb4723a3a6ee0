"""What channels and banks say they took beside what the books say: files, matches, breaks."""
