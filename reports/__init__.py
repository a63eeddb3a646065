"""Renderers: the assessment, the policy file, terminal views, and the mail to a publisher."""
