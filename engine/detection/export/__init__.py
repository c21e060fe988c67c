"""Trained detectors for other programs: ONNX and OpenVINO, with the preparation of photos inside."""
