"""Does machine learning work in children's services? The analysis behind the book."""
