"""The assessment as a set of static pages: the same rows, to be searched, sorted, read and printed."""
