def digits():
    """The 1,797 images of handwritten digits that come with scikit-learn: (n, 64) pixels in [0, 1] and their labels."""
    # The file is read directly, since importing scikit-learn takes longer than the experiment.
    package = Path(importlib.util.find_spec("sklearn").origin).parent
    rows = numpy.loadtxt(package / "datasets" / "data" / "digits.csv.gz", delimiter=",", dtype=numpy.float32)
    return rows[:, :64] / 16, rows[:, 64].astype(int)


def divide(count, rng):
    """Indices for training, validation and test. The test images are the same whatever the seed."""
    fixed = numpy.random.default_rng(1797).permutation(count)
    test, rest = fixed[:597], rng.permutation(fixed[597:])
    return rest[300:], rest[:300], test
