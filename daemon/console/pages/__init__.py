"""The pages: each reads the form, calls the office or the lists, and names its template. None decides anything."""
