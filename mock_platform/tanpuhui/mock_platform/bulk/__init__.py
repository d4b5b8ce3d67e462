"""What becomes of a bulk upload after it was taken in: unpacked, read line by line, judged in the background."""
