"""The agreement between Marketing and Sales: promises, the clocks that measure them, and whose breach it was."""
