"""`python -m engine`: the engine process, which a window talks to over stdin and stdout."""

from engine.server import serve_stdio

if __name__ == "__main__":
    serve_stdio()
