"""How each figure is measured, one function per figure and round."""
