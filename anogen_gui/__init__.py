"""The studio's window: a Qt application that talks to the engine process."""
