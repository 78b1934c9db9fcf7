"""Drawing papers: templates in, PDF out. No database."""
