"""Documents for customers: what they say (`facts`), in which words (`wording`), laid out, printed.

    facts ── layouts ──► blocks ──► text (columns of a printer) · typesetting (PDF, raster) · escpos

Goals: a document is a pure function of what is stored, so that the same document is the same bytes
for ever; one layout serves every medium; what is printed in which language is data. Non-goals: what
was billed and paid, and why.
"""
