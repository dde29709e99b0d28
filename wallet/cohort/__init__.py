"""An advisor's folder of learners: what they handed over, the advisor's own checks of it, and who is how far.

The faces pass in what importers found and hand what comes out to exporters; nothing here reads an archive or prints a page.
"""
