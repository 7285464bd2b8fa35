def accuracy(probabilities, labels):
    return float((probabilities.argmax(axis=1) == labels).mean())


def log_loss(probabilities, labels):
    """Mean negative log probability of the true class, in nats."""
    right = probabilities[numpy.arange(len(labels)), labels].astype(float)
    return float(-numpy.log(numpy.maximum(right, 1e-12)).mean())
