"""Small released tables made by hand."""
