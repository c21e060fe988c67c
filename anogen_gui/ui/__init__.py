"""What is on the screen: widgets that are bound to the models and say what a person asked for."""
