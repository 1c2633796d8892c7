"""What writes the pages, tables and figures that come out of the package and are not written by hand."""
