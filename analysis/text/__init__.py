"""What documents say: redaction, words, topics, vulnerabilities."""
