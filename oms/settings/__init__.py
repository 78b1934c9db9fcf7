"""Settings: `base` states everything once; `local`, `test` and `production` override a handful."""
