"""`python -m engine`: the engine process, which a window talks to over stdin and stdout."""

from engine.priority import give_way
from engine.server import serve_stdio

if __name__ == "__main__":
    give_way()
    serve_stdio()
