"""Reading PDFs in a process of their own: PDFium can crash, hang or swell on a hostile file, and then the child dies, not we.

`process` is our side: it starts a child, limits it, and takes what it sends for a stranger's words. `child` is the other side,
the only one in which PDFium meets a paper. `wire` is what passes between them: numbers and text, nothing pickled.
"""
