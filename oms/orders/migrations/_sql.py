"""How sealed data lies in its table; the same on both ways."""

# Sealed data does not compress, and moving it out of line costs more than the rest of the row.
INLINE = """
ALTER TABLE orders_buyer ALTER COLUMN contact SET STORAGE EXTERNAL,
    ALTER COLUMN raw_body SET STORAGE EXTERNAL, SET (toast_tuple_target = 8160);
"""
OUT_OF_LINE = """
ALTER TABLE orders_buyer ALTER COLUMN contact SET STORAGE EXTENDED,
    ALTER COLUMN raw_body SET STORAGE EXTENDED, RESET (toast_tuple_target);
"""
