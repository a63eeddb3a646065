"""What is measured and shown, and no part of the product."""
