"""Stage 3: detectors that learn from photos, pasted anomalies and samples, and how well they find real anomalies."""
