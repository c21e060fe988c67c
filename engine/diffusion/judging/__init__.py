"""How good a backbone and its samples are: on renders that none was trained on, and beside real anomalies."""
