"""The colours that anomaly classes can have: ten that most colour-blind people tell apart, by their names."""

CLASS_COLORS = (
    ("Orange", "#e69f00"),
    ("Sky blue", "#56b4e9"),
    ("Green", "#009e73"),
    ("Pink", "#cc79a7"),
    ("Vermilion", "#d55e00"),
    ("Blue", "#0072b2"),
    ("Yellow", "#f0e442"),
    ("Violet", "#8c6bb1"),
    ("Brown", "#a6761d"),
    ("Grey", "#7f7f7f"),
)
