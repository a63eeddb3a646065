"""The nouns of Clearance. Standard library only; imports nothing else of ours."""
