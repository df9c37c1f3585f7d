"""The signed monthly statement: figures, invoice lines, and where the chain stood."""
