"""The shared kernel: no tables, no rules, no imports of the apps."""
