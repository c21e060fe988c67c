"""The canvas: a photo to zoom and pan, with boxes or a mask on it. It shows and tells; what is true lies in models."""
