"""Pure reading of terms: extract, locate, identify, interpret, compare. No network, no storage."""
