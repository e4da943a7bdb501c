"""A model as a table: layers, output shapes, and how many numbers each has to learn."""


def summary(model):
    """The table as text. An unbuilt model has no counts yet.

    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> print(summary(Sequential([Dense(64, activation="relu"), Dense(10)]).build((784,))))
    Layer    Kind   Output shape  Parameters
    ----------------------------------------
    dense    Dense  (n, 64)           50,240
    dense_1  Dense  (n, 10)              650
    ----------------------------------------
    50,890 parameters: 50,890 trainable, 0 not trainable
    """
    if model.input_shape is None:
        names = "\n".join(f"{layer.name}  {type(layer).__name__}" for layer in model.layers)
        return f"{names}\nnot built yet: model.build(input_shape), or the first data, settles the shapes"
    rows = [("Layer", "Kind", "Output shape", "Parameters")]
    shape, trainable, fixed = model.input_shape, 0, 0
    for layer in model.layers:
        shape = layer.output_shape(shape)
        counts = layer.count_params()
        trainable, fixed = trainable + counts[0], fixed + counts[1]
        rows.append((layer.name, type(layer).__name__, f"(n, {', '.join(map(str, shape))})", f"{sum(counts):,}"))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=False)), row[3].rjust(widths[3])])
        for row in rows
    ]
    rule = "-" * len(lines[0])
    total = f"{trainable + fixed:,} parameters: {trainable:,} trainable, {fixed:,} not trainable"
    return "\n".join([lines[0], rule, *lines[1:], rule, total])
