def shift_map(down, right):
    """A (64, 64) matrix that moves an image of 8 by 8 pixels; what comes in from the border is empty."""
    return warp_map(lambda row, column: (row - down, column - right))


def rotation_map(degrees):
    """A (64, 64) matrix that turns an image of 8 by 8 pixels about its centre."""
    cosine, sine = numpy.cos(numpy.radians(degrees)), numpy.sin(numpy.radians(degrees))
    return warp_map(
        lambda row, column: (
            3.5 + cosine * (row - 3.5) - sine * (column - 3.5),
            3.5 + sine * (row - 3.5) + cosine * (column - 3.5),
        )
    )


def warp_map(source):
    """The matrix M for which `image @ M` takes each pixel from `source(row, column)`, with linear interpolation."""
    matrix = numpy.zeros((64, 64), dtype=numpy.float32)
    for row, column in numpy.ndindex(8, 8):
        from_row, from_column = source(row, column)
        for near_row, near_column in numpy.ndindex(8, 8):
            weight = max(0, 1 - abs(from_row - near_row)) * max(0, 1 - abs(from_column - near_column))
            matrix[8 * near_row + near_column, 8 * row + column] = weight
    return matrix
